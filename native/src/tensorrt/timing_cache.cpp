#include "tensorrt/timing_cache.hpp"

#include "error.hpp"
#include "tensorrt/entry_points.hpp"
#include "tensorrt/host_memory.hpp"

namespace lsrt::trt {

namespace {

const char* const does_not_fit = "the timing cache does not fit this TensorRT and device; build again without it";

}  // namespace

std::unique_ptr<nvinfer1::ITimingCache> read_timing_cache(const nvinfer1::IBuilderConfig& config, const void* bytes,
                                                          std::int64_t size, Log& log) {
    Errors errors(log);
    std::unique_ptr<nvinfer1::ITimingCache> cache(config.createTimingCache(bytes, static_cast<std::size_t>(size)));
    if (!cache) {
        errors.fail(LSRT_STATUS_PLAN, does_not_fit);
    }

    return cache;
}

void use_timing_cache(nvinfer1::IBuilderConfig& config, const nvinfer1::ITimingCache& cache, Log& log) {
    Errors errors(log);
    if (!config.setTimingCache(cache, false)) {
        errors.fail(LSRT_STATUS_PLAN, does_not_fit);
    }
}

std::unique_ptr<Blob> serialize(const nvinfer1::ITimingCache& cache, Log& log) {
    Errors errors(log);
    std::unique_ptr<nvinfer1::IHostMemory> bytes(cache.serialize());
    if (!bytes) {
        errors.fail(LSRT_STATUS_BUILD, "TensorRT could not write its timing cache");
    }

    return std::make_unique<HostMemory>(std::move(bytes));
}

}  // namespace lsrt::trt

namespace lsrt {

std::unique_ptr<Blob> merge_timing_caches(const TensorRtLibrary& library, Device& device, const void* first,
                                          std::int64_t first_size, const void* second, std::int64_t second_size) {
    const trt::EntryPoints entry_points(library);
    if (device.is_capturing()) {
        throw Failure(LSRT_STATUS_INVALID_STATE,
                      "a stream of the device captures; end that before merging timing caches");
    }

    const ContextScope context(device);  // not an AllocationScope, as in build_engine
    trt::Log log{lsrt_callbacks{}};
    const auto builder = entry_points.create_builder(log);
    trt::Errors errors(log);
    const std::unique_ptr<nvinfer1::IBuilderConfig> config(builder->createBuilderConfig());
    if (!config) {
        errors.fail(LSRT_STATUS_BUILD, "TensorRT could not create a builder configuration");
    }

    // Of entries in both, combine keeps those that are there already.
    const auto merged = trt::read_timing_cache(*config, second, second_size, log);
    const auto added = trt::read_timing_cache(*config, first, first_size, log);
    trt::use_timing_cache(*config, *merged, log);
    if (!merged->combine(*added, false)) {
        errors.fail(LSRT_STATUS_PLAN, "the timing caches do not fit each other, this TensorRT and this device");
    }

    return trt::serialize(*merged, log);
}

}  // namespace lsrt
