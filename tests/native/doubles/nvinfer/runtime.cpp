#include <cstring>
#include <memory>

#include "builder.hpp"
#include "double.hpp"
#include "engine.hpp"
#include "generated_stubs.hpp"
#include "plan.hpp"
#include "refitter.hpp"

// The runtime, and the C functions that libnvinfer exports.

namespace lsrt_double {

namespace {

class Runtime final : public nvinfer1::IRuntime, private stubs::VRuntime, private Counted {
  public:
    explicit Runtime(nvinfer1::ILogger& logger) : logger_(logger) { mImpl = this; }

  private:
    using stubs::VRuntime::deserializeCudaEngine;

    nvinfer1::ICudaEngine* deserializeCudaEngine(const void* bytes, std::size_t size) noexcept override {
        if (fails("deserialize")) {
            log_error(logger_, "Error Code 1: Serialization (Serialization assertion failed, as the test asked for)");
            return nullptr;
        }

        try {
            return new Engine(read_plan(std::string(static_cast<const char*>(bytes), size)), logger_);
        } catch (const std::exception& exception) {
            log_error(logger_, std::string("Error Code 1: Serialization (") + exception.what() + ")");
            return nullptr;
        }
    }

    nvinfer1::ILogger& logger_;
};

// Each major version refuses callers that were compiled for another one.
bool serves(std::int32_t version) { return version / 10000 == NV_TENSORRT_MAJOR; }

nvinfer1::ILogger& logger_of(void* logger) { return *static_cast<nvinfer1::ILogger*>(logger); }

}  // namespace

}  // namespace lsrt_double

using namespace lsrt_double;

extern "C" {

void* createInferBuilder_INTERNAL(void* logger, std::int32_t version) noexcept {
    if (!serves(version) || fails("create_builder")) {
        log_error(logger_of(logger), "CUDA initialization failure with error: 35");
        return nullptr;
    }

    return static_cast<nvinfer1::IBuilder*>(new Builder(logger_of(logger)));
}

void* createInferRuntime_INTERNAL(void* logger, std::int32_t version) noexcept {
    if (!serves(version) || fails("create_runtime")) {
        log_error(logger_of(logger), "CUDA initialization failure with error: 35");
        return nullptr;
    }

    return static_cast<nvinfer1::IRuntime*>(new Runtime(logger_of(logger)));
}

void* createInferRefitter_INTERNAL(void* engine, void* logger, std::int32_t version) noexcept {
    if (!serves(version)) {
        return nullptr;
    }

    auto& of = static_cast<Engine&>(*static_cast<nvinfer1::ICudaEngine*>(engine));
    return static_cast<nvinfer1::IRefitter*>(new Refitter(of.state(), logger_of(logger)));
}

std::int32_t getInferLibVersion() noexcept { return static_cast<std::int32_t>(NV_TENSORRT_VERSION); }
}
