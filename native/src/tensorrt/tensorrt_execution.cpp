#include "tensorrt/tensorrt_execution.hpp"

#include <algorithm>

#include "error.hpp"
#include "tensorrt/tensors.hpp"

namespace lsrt::trt {

namespace {

// What CUDA's own allocations are aligned to; TensorRT's kernels count on it.
constexpr std::uint64_t alignment = 256;

cudaStream_t handle(const Stream& stream) { return reinterpret_cast<cudaStream_t>(stream.handle()); }

void* pointer(std::uint64_t address) { return reinterpret_cast<void*>(static_cast<std::uintptr_t>(address)); }

bool is_dynamic(const nvinfer1::Dims& dims) {
    return std::any_of(dims.d, dims.d + std::max(dims.nbDims, 0), [](std::int64_t extent) { return extent < 0; });
}

}  // namespace

TensorRtExecution::TensorRtExecution(TensorRtEngine& engine, std::int32_t profile, Stream& stream)
    : engine_(engine), profile_(profile) {
    const AllocationScope scope(engine_.device());
    try {
        prepare(stream);
    } catch (...) {
        context_.reset();  // within the scope, which ends before the members do
        throw;
    }
}

void TensorRtExecution::prepare(Stream& stream) {
    Errors errors(engine_.log());
    context_.reset(
        engine_.engine().createExecutionContext(nvinfer1::ExecutionContextAllocationStrategy::kUSER_MANAGED));
    if (!context_) {
        errors.fail(LSRT_STATUS_EXECUTION, "TensorRT could not create an execution context");
    }

    if (!context_->setOptimizationProfileAsync(profile_, handle(stream))) {
        errors.fail(LSRT_STATUS_EXECUTION, "TensorRT refuses profile " + std::to_string(profile_));
    }

    stream.synchronize();
    for (const EngineTensor& tensor : engine_.tensors()) {
        bindings_.push_back({!tensor.is_input || !is_dynamic(tensor.dims), 0});
    }
}

TensorRtExecution::~TensorRtExecution() {
    const ContextScope scope(engine_.device(), std::nothrow);
    context_.reset();
}

void TensorRtExecution::set_memory(std::uint64_t address, std::int64_t size) {
    require(address % alignment == 0, "the activation memory is not aligned to 256 bytes");
    memory_ = address;
    memory_size_ = size;
    has_run_ = false;
}

void TensorRtExecution::set_shape(const std::string& input, const std::int64_t* extents, std::int32_t rank) {
    const std::size_t index = engine_.find(input);
    if (!engine_.tensors()[index].is_input) {
        throw Failure(LSRT_STATUS_INVALID_ARGUMENT, "'" + input + "' is an output; its shape follows from the inputs'");
    }

    using nvinfer1::OptProfileSelector;
    const nvinfer1::Dims dims = to_dims(extents, rank);
    const nvinfer1::Dims min = engine_.engine().getProfileShape(input.c_str(), profile_, OptProfileSelector::kMIN);
    const nvinfer1::Dims max = engine_.engine().getProfileShape(input.c_str(), profile_, OptProfileSelector::kMAX);
    bool fits = dims.nbDims == min.nbDims;
    for (std::int32_t i = 0; fits && i < dims.nbDims; ++i) {
        fits = dims.d[i] >= min.d[i] && dims.d[i] <= max.d[i];
    }

    if (!fits) {
        throw Failure(LSRT_STATUS_INVALID_ARGUMENT, "input '" + input + "' cannot be " + text(dims) + ": profile " +
                                                        std::to_string(profile_) + " allows " + text(min) + " to " +
                                                        text(max));
    }

    const ContextScope scope(engine_.device());
    Errors errors(engine_.log());
    // Whatever comes of it, the plan of the memory is no longer the one that was asked for.
    needed_size_ = -1;
    has_run_ = false;
    if (!context_->setInputShape(input.c_str(), dims)) {
        errors.fail(LSRT_STATUS_INVALID_ARGUMENT, "TensorRT refuses " + text(dims) + " for input '" + input + "'");
    }

    bindings_[index].has_shape = true;
}

void TensorRtExecution::set_address(const std::string& tensor, std::uint64_t address) {
    const std::size_t index = engine_.find(tensor);
    require(address != 0 && address % alignment == 0, "the tensor's address is null or not aligned to 256 bytes");
    Errors errors(engine_.log());
    if (!context_->setTensorAddress(tensor.c_str(), pointer(address))) {
        errors.fail(LSRT_STATUS_INVALID_ARGUMENT, "TensorRT refuses the address of '" + tensor + "'");
    }

    has_run_ = has_run_ && bindings_[index].address == address;
    bindings_[index].address = address;
}

std::int32_t TensorRtExecution::shape(const std::string& tensor, std::int64_t* extents) const {
    const EngineTensor& known = engine_.tensors()[engine_.find(tensor)];
    if (!known.is_input) {
        require_shapes();
    }

    const nvinfer1::Dims dims = context_->getTensorShape(tensor.c_str());
    if (dims.nbDims < 0 || is_dynamic(dims)) {
        throw Failure(LSRT_STATUS_INVALID_STATE, "the shape of '" + tensor + "' is not known before it is set");
    }

    write_extents(dims, extents);
    return dims.nbDims;
}

std::int64_t TensorRtExecution::activation_size() {
    if (needed_size_ < 0) {
        require_shapes();
        const ContextScope scope(engine_.device());
        Errors errors(engine_.log());
        const std::size_t size = context_->updateDeviceMemorySizeForShapes();
        // 0 is what a network without scratch memory needs, and what TensorRT returns when it fails: then it logs why.
        if (size == 0 && errors.any()) {
            errors.fail(LSRT_STATUS_EXECUTION, "TensorRT could not plan the activation memory");
        }

        needed_size_ = static_cast<std::int64_t>(size);
    }

    return needed_size_;
}

void TensorRtExecution::require_shapes() const {
    for (std::size_t i = 0; i < bindings_.size(); ++i) {
        if (!bindings_[i].has_shape) {
            throw Failure(LSRT_STATUS_INVALID_STATE,
                          "the shape of input '" + engine_.tensors()[i].name + "' is not set");
        }
    }
}

void TensorRtExecution::require_addresses() const {
    for (std::size_t i = 0; i < bindings_.size(); ++i) {
        if (bindings_[i].address == 0) {
            throw Failure(LSRT_STATUS_INVALID_STATE, "the address of '" + engine_.tensors()[i].name + "' is not set");
        }
    }
}

void TensorRtExecution::require_memory() {
    const std::int64_t needed = activation_size();
    if (memory_size_ < needed) {
        throw Failure(LSRT_STATUS_INVALID_STATE, "the execution has " + std::to_string(memory_size_) +
                                                     " bytes of activation memory and needs " + std::to_string(needed) +
                                                     " for the shapes set now");
    }
}

void TensorRtExecution::enqueue(Stream& stream) {
    require_shapes();
    require_addresses();
    require_memory();
    Device& device = engine_.device();
    const ContextScope scope(device);
    const bool is_recording = device.is_recording(stream.handle());
    if (is_recording && engine_.streams_weights()) {
        throw Failure(LSRT_STATUS_CAPTURE, "an engine that streams its weights cannot be captured");
    }

    // The first run after a change prepares resources, which a graph must not record.
    if (is_recording && !has_run_) {
        throw Failure(LSRT_STATUS_CAPTURE,
                      "run the execution once plainly before capturing it with new shapes, addresses or memory");
    }

    Errors errors(engine_.log());
    if (!has_run_) {
        // Only now: the size that TensorRT checks the memory against is the one for the shapes set last.
        context_->setDeviceMemoryV2(pointer(memory_), memory_size_);
    }

    if (!context_->enqueueV3(handle(stream))) {
        fail_enqueue(stream, is_recording, errors);
    }

    if (!is_recording) {
        has_run_ = true;
        ++device.counters().engine_enqueues;
    }
}

void TensorRtExecution::fail_enqueue(Stream& stream, bool is_recording, Errors& errors) {
    if (is_recording) {
        errors.fail(LSRT_STATUS_CAPTURE, "the engine's run cannot be captured");
    }

    // A device that has gone says so here; TensorRT only says that it failed.
    stream.synchronize();
    errors.fail(LSRT_STATUS_EXECUTION, "TensorRT could not enqueue the engine's run");
}

}  // namespace lsrt::trt
