#include "engine.hpp"

#include <algorithm>
#include <cstring>

#include "context.hpp"
#include "cuda.hpp"
#include "host_memory.hpp"

namespace lsrt_double {

using nvinfer1::OptProfileSelector;

Engine::Engine(Plan plan, nvinfer1::ILogger& logger)
    : logger_(logger), state_(std::make_shared<EngineState>(std::move(plan))) {
    mImpl = this;
    state_->weight_budget = Engine::getStreamableWeightsSize();
    say(logger_);
}

Engine::~Engine() {
    require_cuda_context();
    say(logger_);
}

const lsrt_double_tensor* Engine::find(const char* name) const noexcept {
    const std::vector<lsrt_double_tensor>& tensors = state_->plan.model.tensors();
    const auto found = std::find_if(tensors.begin(), tensors.end(),
                                    [&](const lsrt_double_tensor& t) { return std::strcmp(t.name, name) == 0; });
    return found != tensors.end() ? &*found : nullptr;
}

std::int32_t Engine::getNbLayers() const noexcept {
    return static_cast<std::int32_t>(state_->plan.model.nodes().size());
}

std::int32_t Engine::getNbOptimizationProfiles() const noexcept {
    return static_cast<std::int32_t>(state_->plan.profiles.size());
}

std::int32_t Engine::getNbIOTensors() const noexcept {
    return static_cast<std::int32_t>(state_->plan.model.tensors().size());
}

const char* Engine::getIOTensorName(std::int32_t index) const noexcept {
    return state_->plan.model.tensors().at(static_cast<std::size_t>(index)).name;
}

nvinfer1::Dims Engine::getTensorShape(const char* name) const noexcept { return dims(*find(name)); }

nvinfer1::DataType Engine::getTensorDataType(const char* name) const noexcept {
    return data_type(find(name)->element_type);
}

nvinfer1::TensorIOMode Engine::getTensorIOMode(const char* name) const noexcept {
    return find(name)->is_input != 0 ? nvinfer1::TensorIOMode::kINPUT : nvinfer1::TensorIOMode::kOUTPUT;
}

nvinfer1::Dims Engine::getProfileShape(const char* name, std::int32_t profile,
                                       OptProfileSelector select) const noexcept {
    return profile_shape(state_->plan, static_cast<std::size_t>(profile), *find(name), select);
}

std::int64_t Engine::getDeviceMemorySizeV2() const noexcept {
    std::int64_t size = 0;
    for (std::int32_t i = 0; i < Engine::getNbOptimizationProfiles(); ++i) {
        size = std::max(size, Engine::getDeviceMemorySizeForProfileV2(i));
    }

    return size;
}

std::int64_t Engine::getDeviceMemorySizeForProfileV2(std::int32_t profile) const noexcept {
    std::vector<lsrt_double_tensor> tensors = state_->plan.model.tensors();
    for (lsrt_double_tensor& tensor : tensors) {
        if (tensor.is_input != 0) {
            const nvinfer1::Dims max =
                profile_shape(state_->plan, static_cast<std::size_t>(profile), tensor, OptProfileSelector::kMAX);
            std::copy_n(max.d, 8, tensor.extents);
        }
    }

    return activation_size(state_->plan, tensors);
}

std::int64_t Engine::getStreamableWeightsSize() const noexcept {
    return state_->plan.streams_weights ? state_->plan.model.weights_size() : 0;
}

bool Engine::setWeightStreamingBudgetV2(std::int64_t budget) noexcept {
    if (!state_->plan.streams_weights || budget < 0 || state_->context_count > 0 || fails("budget")) {
        log_error(logger_, "Parameter check failed: invalid weight streaming budget");
        return false;
    }

    state_->weight_budget = std::min(budget, Engine::getStreamableWeightsSize());
    return true;
}

nvinfer1::IHostMemory* Engine::serialize() const noexcept {
    if (fails("serialize")) {
        log_error(logger_, "no plan today");
        return nullptr;
    }

    const std::lock_guard lock(state_->mutex);
    return new HostMemory(write_plan(state_->plan));
}

nvinfer1::IExecutionContext* Engine::createExecutionContext(
    nvinfer1::ExecutionContextAllocationStrategy strategy) noexcept {
    if (strategy != nvinfer1::ExecutionContextAllocationStrategy::kUSER_MANAGED || fails("create_context")) {
        log_error(logger_, "no execution context today");
        return nullptr;
    }

    return new Context(*this, state_, logger_);
}

nvinfer1::Dims profile_shape(const Plan& plan, std::size_t profile, const lsrt_double_tensor& input,
                             OptProfileSelector select) {
    if (profile < plan.profiles.size()) {
        const auto found = plan.profiles[profile].find(input.name);
        if (found != plan.profiles[profile].end()) {
            return found->second[static_cast<std::size_t>(select)];
        }
    }

    return dims(input);
}

std::int64_t activation_size(const Plan& plan, const std::vector<lsrt_double_tensor>& tensors) {
    // A streaming engine needs scratch memory for the weights on their way.
    std::int64_t size = plan.streams_weights ? 256 : 0;
    for (const lsrt_double_tensor& tensor : tensors) {
        if (tensor.is_input != 0) {
            size += (element_count(tensor) * element_size(tensor.element_type) + 255) / 256 * 256;
        }
    }

    return size;
}

}  // namespace lsrt_double
