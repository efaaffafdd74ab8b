#include "engine.hpp"
#include "exports.hpp"
#include "objects.hpp"
#include "objects_engine.hpp"

using namespace lsrt;

namespace {

// The size of version 1 of the struct: a caller with less has no options at all.
constexpr std::int64_t build_options_minimum = 72;

lsrt_build_options read_build_options(const lsrt_build_options* options) {
    require(options != nullptr && options->struct_size >= build_options_minimum,
            "the build options are null or their struct_size is not set");
    const lsrt_build_options known = read_options(options);
    require(known.model_path != nullptr && *known.model_path != '\0', "model_path is null or empty");
    require(known.shape_count >= 0 && (known.shape_count == 0 || known.shapes != nullptr), "shapes is null");
    require(known.workspace_limit >= 0, "workspace_limit is negative");
    require(known.timing_cache_size >= 0, "timing_cache_size is negative");
    require(known.timing_cache_size == 0 || known.timing_cache != nullptr,
            "timing_cache is null, but its size is not 0");
    require(known.optimization_level >= -1 && known.optimization_level <= 5, "optimization_level is not in -1..5");
    require(known.auxiliary_streams >= -1, "auxiliary_streams is below -1");
    require((known.flags & ~(LSRT_BUILD_REFITTABLE | LSRT_BUILD_WEIGHT_STREAMING | LSRT_BUILD_TF32)) == 0,
            "flags has a bit that is not one of LSRT_BUILD_");
    require(known.reserved == 0, "reserved is not 0");
    return known;
}

}  // namespace

lsrt_status lsrt_blob_data(const lsrt_blob* blob, const void** data, int64_t* size) {
    return guard([&] {
        const Blob& bytes = *checked(blob).blob;
        auto& address = out(data);
        out(size) = bytes.size();
        address = bytes.data();
    });
}

lsrt_status lsrt_blob_destroy(lsrt_blob* blob) {
    return guard([&] { delete blob; });
}

lsrt_status lsrt_engine_build(const lsrt_tensorrt* tensorrt, lsrt_device* device, const lsrt_build_options* options,
                              const lsrt_callbacks* callbacks, lsrt_blob** plan, lsrt_blob** timing_cache) {
    return guard([&] {
        auto& result = out(plan);
        BuiltEngine built = build_engine(checked(tensorrt).library, checked(device).device, read_build_options(options),
                                         read_options(callbacks), timing_cache != nullptr);
        std::unique_ptr<lsrt_blob> plan_blob(new lsrt_blob{std::move(built.plan)});
        if (timing_cache != nullptr) {
            *timing_cache = new lsrt_blob{std::move(built.timing_cache)};
        }

        result = plan_blob.release();
    });
}

lsrt_status lsrt_timing_cache_merge(const lsrt_tensorrt* tensorrt, lsrt_device* device, const void* first,
                                    int64_t first_size, const void* second, int64_t second_size, lsrt_blob** merged) {
    return guard([&] {
        auto& result = out(merged);
        require(first != nullptr && first_size > 0 && second != nullptr && second_size > 0,
                "a timing cache is null or empty");
        result = new lsrt_blob{merge_timing_caches(checked(tensorrt).library, checked(device).device, first, first_size,
                                                   second, second_size)};
    });
}
