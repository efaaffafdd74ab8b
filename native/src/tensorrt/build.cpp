#include "error.hpp"
#include "tensorrt/entry_points.hpp"
#include "tensorrt/host_memory.hpp"
#include "tensorrt/model.hpp"
#include "tensorrt/profiles.hpp"
#include "tensorrt/progress.hpp"
#include "tensorrt/timing_cache.hpp"

namespace lsrt {

namespace {

using nvinfer1::BuilderFlag;

nvinfer1::NetworkDefinitionCreationFlags network_flags() {
#if NV_TENSORRT_MAJOR == 10
    return 1U << static_cast<std::uint32_t>(nvinfer1::NetworkDefinitionCreationFlag::kSTRONGLY_TYPED);
#else
    return 0;  // from 11 on every network is strongly typed
#endif
}

template <typename T>
std::unique_ptr<T> created(T* object, trt::Errors& errors, const char* what) {
    if (object == nullptr) {
        errors.fail(LSRT_STATUS_BUILD, std::string("TensorRT could not create a ") + what);
    }

    return std::unique_ptr<T>(object);
}

/// The two majors number their flags differently: the options' bits are translated here and nowhere else.
void set_flag(nvinfer1::IBuilderConfig& config, BuilderFlag flag, bool is_set) {
    if (is_set) {
        config.setFlag(flag);
    } else {
        config.clearFlag(flag);
    }
}

void configure(nvinfer1::IBuilderConfig& config, const lsrt_build_options& options) {
    set_flag(config, BuilderFlag::kREFIT, (options.flags & LSRT_BUILD_REFITTABLE) != 0);
    set_flag(config, BuilderFlag::kWEIGHT_STREAMING, (options.flags & LSRT_BUILD_WEIGHT_STREAMING) != 0);
    set_flag(config, BuilderFlag::kTF32, (options.flags & LSRT_BUILD_TF32) != 0);
    if (options.workspace_limit > 0) {
        config.setMemoryPoolLimit(nvinfer1::MemoryPoolType::kWORKSPACE,
                                  static_cast<std::size_t>(options.workspace_limit));
    }

    if (options.optimization_level >= 0) {
        config.setBuilderOptimizationLevel(options.optimization_level);
    }

    if (options.auxiliary_streams >= 0) {
        config.setMaxAuxStreams(options.auxiliary_streams);
    }
}

}  // namespace

std::int32_t tensorrt_headers_version() noexcept { return static_cast<std::int32_t>(NV_TENSORRT_VERSION); }

BuiltEngine build_engine(const TensorRtLibrary& library, Device& device, const lsrt_build_options& options,
                         const lsrt_callbacks& callbacks, bool wants_timing_cache) {
    const trt::EntryPoints entry_points(library);
    if (device.is_capturing()) {
        throw Failure(LSRT_STATUS_INVALID_STATE, "a stream of the device captures; end that before building an engine");
    }

    // Not an AllocationScope: it would hold up every capture for as long as the build takes, and a capture may begin
    // meanwhile. What the builder allocates is gone at its end and never part of a captured graph.
    const ContextScope context(device);
    trt::Log log(callbacks);
    trt::Progress progress(callbacks);
    const auto builder = entry_points.create_builder(log);

    // Destroyed in the opposite order, as TensorRT wants it: parser, cache and configuration before the network.
    trt::Errors errors(log);
    const auto network = created(builder->createNetworkV2(network_flags()), errors, "network");
    const auto config = created(builder->createBuilderConfig(), errors, "builder configuration");
    std::unique_ptr<nvinfer1::ITimingCache> timing_cache;
    configure(*config, options);
    if (progress.is_wanted()) {
        config->setProgressMonitor(&progress);
    }

    if (wants_timing_cache || options.timing_cache_size > 0) {
        timing_cache = trt::read_timing_cache(*config, options.timing_cache, options.timing_cache_size, log);
        trt::use_timing_cache(*config, *timing_cache, log);
    }

    const auto parser = trt::parse(entry_points, *network, options.model_path, log);
    trt::add_profiles(*builder, *config, *network, options, log);
    std::unique_ptr<nvinfer1::IHostMemory> plan(builder->buildSerializedNetwork(*network, *config));
    if (progress.is_out_of_memory()) {
        throw std::bad_alloc();
    }

    if (progress.is_cancelled()) {
        throw Failure(LSRT_STATUS_CANCELLED, "the build was cancelled");
    }

    if (!plan) {
        device.require_alive();
        errors.fail(LSRT_STATUS_BUILD, "TensorRT cannot build an engine of " + std::string(options.model_path));
    }

    BuiltEngine built{std::make_unique<trt::HostMemory>(std::move(plan)), nullptr};
    if (wants_timing_cache) {
        built.timing_cache = trt::serialize(*timing_cache, log);
    }

    return built;
}

}  // namespace lsrt
