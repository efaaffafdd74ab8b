#include "tensorrt/tensorrt_engine.hpp"

#include <algorithm>
#include <cstring>

#include "error.hpp"
#include "plan_header.hpp"
#include "tensorrt/host_memory.hpp"
#include "tensorrt/model.hpp"
#include "tensorrt/tensorrt_execution.hpp"
#include "tensorrt/tensors.hpp"

namespace lsrt::trt {

namespace {

/// TensorRT is not handed a plan that another version wrote: what it does with one is not for us to find out.
void check_version(const void* plan, std::int64_t size, const TensorRtLibrary& library) {
    const PlanVersion version = read_plan_version(plan, size);
    if (version.major != library.major() || version.minor != library.minor() || version.patch != library.patch()) {
        throw Failure(LSRT_STATUS_PLAN, "the plan was written by TensorRT " + version.text() + ", but TensorRT " +
                                            std::to_string(library.major()) + "." + std::to_string(library.minor()) +
                                            "." + std::to_string(library.patch()) + " is loaded (" + library.path() +
                                            "); build the engine again");
    }
}

}  // namespace

TensorRtEngine::TensorRtEngine(const TensorRtLibrary& library, Device& device, const void* plan, std::int64_t size,
                               std::int64_t weight_streaming_budget, const lsrt_callbacks& callbacks)
    : entry_points_(library), device_(device), log_(callbacks) {
    check_version(plan, size, library);
    const AllocationScope scope(device_);
    try {
        load(plan, size, weight_streaming_budget);
    } catch (...) {
        release();  // within the scope, which ends before the members do
        throw;
    }
}

TensorRtEngine::~TensorRtEngine() {
    const ContextScope scope(device_, std::nothrow);
    release();
}

void TensorRtEngine::load(const void* plan, std::int64_t size, std::int64_t weight_streaming_budget) {
    runtime_ = entry_points_.create_runtime(log_);
    {
        Errors errors(log_);
        engine_.reset(runtime_->deserializeCudaEngine(plan, static_cast<std::size_t>(size)));
        if (!engine_) {
            errors.fail(LSRT_STATUS_PLAN, "TensorRT refuses the plan");
        }
    }

    read_tensors();
    set_weight_streaming_budget(weight_streaming_budget);
}

void TensorRtEngine::release() noexcept {
    engine_.reset();
    runtime_.reset();
}

void TensorRtEngine::read_tensors() {
    for (std::int32_t i = 0; i < engine_->getNbIOTensors(); ++i) {
        const char* name = engine_->getIOTensorName(i);
        tensors_.push_back({name, engine_->getTensorShape(name), onnx_type(engine_->getTensorDataType(name)),
                            engine_->getTensorIOMode(name) == nvinfer1::TensorIOMode::kINPUT});
    }
}

void TensorRtEngine::set_weight_streaming_budget(std::int64_t budget) {
    const std::int64_t streamable = engine_->getStreamableWeightsSize();
    if (budget >= 0 && streamable == 0) {
        throw Failure(
            LSRT_STATUS_UNSUPPORTED,
            "the engine was built without weight streaming and keeps all weights on the device: build it with "
            "'latentsync engines build --weight-streaming'");
    }

    Errors errors(log_);
    if (streamable > 0 &&
        !engine_->setWeightStreamingBudgetV2(budget < 0 ? streamable : std::min(budget, streamable))) {
        errors.fail(LSRT_STATUS_DEVICE_OUT_OF_MEMORY, "TensorRT refuses the weight streaming budget");
    }
}

bool TensorRtEngine::streams_weights() const {
    const std::int64_t streamable = engine_->getStreamableWeightsSize();
    return streamable > 0 && engine_->getWeightStreamingBudgetV2() < streamable;
}

std::size_t TensorRtEngine::find(const std::string& name) const {
    const auto found =
        std::find_if(tensors_.begin(), tensors_.end(), [&](const EngineTensor& tensor) { return tensor.name == name; });
    if (found == tensors_.end()) {
        throw Failure(LSRT_STATUS_INVALID_ARGUMENT, "the engine has no input or output '" + name + "'");
    }

    return static_cast<std::size_t>(found - tensors_.begin());
}

lsrt_engine_info TensorRtEngine::info() const {
    lsrt_engine_info info{};
    info.weights_size = engine_->getStreamableWeightsSize();
    info.activation_size = engine_->getDeviceMemorySizeV2();
    info.tensor_count = static_cast<std::int32_t>(tensors_.size());
    info.profile_count = engine_->getNbOptimizationProfiles();
    info.layer_count = engine_->getNbLayers();
    info.is_refittable = engine_->isRefittable() ? 1 : 0;
    return info;
}

lsrt_engine_tensor TensorRtEngine::tensor(std::int32_t index) const {
    require(index >= 0 && static_cast<std::size_t>(index) < tensors_.size(), "the engine has no tensor of that index");
    const EngineTensor& known = tensors_[static_cast<std::size_t>(index)];
    lsrt_engine_tensor tensor{};
    if (known.name.size() >= sizeof tensor.name) {
        throw Failure(LSRT_STATUS_UNSUPPORTED, "the tensor's name is longer than 255 bytes: " + known.name);
    }

    write_extents(known.dims, tensor.extents);
    tensor.rank = std::max(known.dims.nbDims, 0);
    tensor.element_type = known.onnx_type;
    tensor.is_input = known.is_input ? 1 : 0;
    std::memcpy(tensor.name, known.name.data(), known.name.size());
    return tensor;
}

std::int32_t TensorRtEngine::profile_shape(const std::string& input, std::int32_t profile, std::int64_t* min,
                                           std::int64_t* opt, std::int64_t* max) const {
    require(profile >= 0 && profile < engine_->getNbOptimizationProfiles(), "the engine has no profile of that number");
    if (!tensors_[find(input)].is_input) {
        throw Failure(LSRT_STATUS_INVALID_ARGUMENT, "'" + input + "' is an output; profiles are about inputs");
    }

    using nvinfer1::OptProfileSelector;
    const nvinfer1::Dims smallest = engine_->getProfileShape(input.c_str(), profile, OptProfileSelector::kMIN);
    write_extents(smallest, min);
    write_extents(engine_->getProfileShape(input.c_str(), profile, OptProfileSelector::kOPT), opt);
    write_extents(engine_->getProfileShape(input.c_str(), profile, OptProfileSelector::kMAX), max);
    return std::max(smallest.nbDims, 0);
}

void TensorRtEngine::refit(const std::string& model_path) {
    const AllocationScope scope(device_);
    trt::refit(entry_points_, *engine_, model_path, log_);
}

std::unique_ptr<Blob> TensorRtEngine::serialize() const {
    if (!engine_->isRefittable()) {
        throw Failure(LSRT_STATUS_UNSUPPORTED,
                      "the engine cannot be given other weights: its plan is the one it was made from");
    }

    const AllocationScope scope(device_);
    Errors errors(log_);
    std::unique_ptr<nvinfer1::IHostMemory> bytes(engine_->serialize());
    if (!bytes) {
        errors.fail(LSRT_STATUS_EXECUTION, "TensorRT could not write the engine's plan");
    }

    return std::make_unique<HostMemory>(std::move(bytes));
}

std::unique_ptr<Execution> TensorRtEngine::create_execution(std::int32_t profile, Stream& stream) {
    require(profile >= 0 && profile < engine_->getNbOptimizationProfiles(), "the engine has no profile of that number");
    return std::make_unique<TensorRtExecution>(*this, profile, stream);
}

}  // namespace lsrt::trt

namespace lsrt {

std::unique_ptr<Engine> create_engine(const TensorRtLibrary& library, Device& device, const void* plan,
                                      std::int64_t size, std::int64_t weight_streaming_budget,
                                      const lsrt_callbacks& callbacks) {
    return std::make_unique<trt::TensorRtEngine>(library, device, plan, size, weight_streaming_budget, callbacks);
}

}  // namespace lsrt
