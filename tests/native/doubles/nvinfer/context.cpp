#include "context.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "cuda.hpp"

namespace lsrt_double {

using nvinfer1::OptProfileSelector;

void Run::operator()() const noexcept {
    try {
        const std::lock_guard lock(state->mutex);
        if (fails("execute")) {
            throw ModelError("the run failed, as the test asked for");
        }

        // Written so that memory that is too small or gone is found by the address sanitizer.
        std::memset(memory, 0xA5, static_cast<std::size_t>(memory_size));
        state->plan.model.run(tensors, addresses);
        ++counters().runs;
    } catch (const std::exception& exception) {
        ++counters().failed_runs;
        log_error(*logger, exception.what());
    }
}

Context::Context(const nvinfer1::ICudaEngine&, std::shared_ptr<EngineState> state, nvinfer1::ILogger& logger)
    : state_(std::move(state)), logger_(logger), tensors_(state_->plan.model.tensors()), addresses_(tensors_.size()) {
    mImpl = this;
    const std::lock_guard lock(state_->mutex);
    ++state_->context_count;
}

Context::~Context() noexcept {
    require_cuda_context();
    const std::lock_guard lock(state_->mutex);
    --state_->context_count;
}

bool Context::refuse(const std::string& reason) const noexcept {
    log_error(logger_, "IExecutionContext: Error Code 3: API Usage Error (" + reason + ")");
    return false;
}

std::size_t Context::find(const char* name) const {
    const auto found = std::find_if(tensors_.begin(), tensors_.end(),
                                    [&](const lsrt_double_tensor& t) { return std::strcmp(t.name, name) == 0; });
    return static_cast<std::size_t>(found - tensors_.begin());
}

bool Context::setOptimizationProfileAsync(std::int32_t profile, cudaStream_t) noexcept {
    if (profile < 0 || static_cast<std::size_t>(profile) >= state_->plan.profiles.size() || fails("profile")) {
        return refuse("invalid optimization profile " + std::to_string(profile));
    }

    profile_ = static_cast<std::size_t>(profile);
    tensors_ = state_->plan.model.tensors();
    is_prepared_ = false;
    return true;
}

bool Context::setInputShape(const char* name, const nvinfer1::Dims& extents) noexcept {
    const std::size_t index = find(name);
    if (index == tensors_.size() || tensors_[index].is_input == 0) {
        return refuse(std::string("no input ") + name);
    }

    const lsrt_double_tensor& declared = state_->plan.model.tensors()[index];
    const nvinfer1::Dims min = profile_shape(state_->plan, profile_, declared, OptProfileSelector::kMIN);
    const nvinfer1::Dims max = profile_shape(state_->plan, profile_, declared, OptProfileSelector::kMAX);
    bool fits = extents.nbDims == declared.rank;
    for (std::int32_t i = 0; fits && i < declared.rank; ++i) {
        fits = extents.d[i] >= min.d[i] && extents.d[i] <= max.d[i];
    }

    if (!fits) {
        return refuse(std::string("extents of ") + name + " are outside the profile's");
    }

    std::copy_n(extents.d, 8, tensors_[index].extents);
    is_prepared_ = false;
    if (are_shapes_set()) {
        try {
            state_->plan.model.infer(tensors_);
        } catch (const std::exception& exception) {
            return refuse(exception.what());
        }
    }

    return true;
}

nvinfer1::Dims Context::getTensorShape(const char* name) const noexcept {
    const std::size_t index = find(name);
    nvinfer1::Dims unknown{};
    unknown.nbDims = -1;
    return index < tensors_.size() ? dims(tensors_[index]) : unknown;
}

bool Context::setTensorAddress(const char* name, void* address) noexcept {
    const std::size_t index = find(name);
    if (index == tensors_.size()) {
        return refuse(std::string("no tensor ") + name);
    }

    addresses_[index] = address;
    return true;
}

bool Context::are_shapes_set() const {
    return std::all_of(tensors_.begin(), tensors_.end(), [](const lsrt_double_tensor& t) {
        return t.is_input == 0 || std::none_of(t.extents, t.extents + t.rank, [](std::int64_t e) { return e < 0; });
    });
}

std::size_t Context::updateDeviceMemorySizeForShapes() noexcept {
    if (fails("activation_size")) {
        refuse("the memory was not planned, as the test asked for");
        return 0;
    }

    return are_shapes_set() ? static_cast<std::size_t>(activation_size(state_->plan, tensors_)) : 0;
}

void Context::setDeviceMemoryV2(void* memory, std::int64_t size) noexcept {
    memory_ = memory;
    memory_size_ = size;
}

std::string Context::problem(bool is_capturing) const {
    if (!are_shapes_set()) {
        return "an input's extents are not set";
    }

    for (std::size_t i = 0; i < tensors_.size(); ++i) {
        if (addresses_[i] == nullptr) {
            return std::string("no address for ") + tensors_[i].name;
        }
    }

    if (const std::int64_t needed = activation_size(state_->plan, tensors_); memory_size_ < needed) {
        return "the device memory has " + std::to_string(memory_size_) + " bytes, " + std::to_string(needed) +
               " are needed";
    }

    if (is_capturing && !is_prepared_) {
        return "the first run after a change of shapes cannot be captured";
    }

    const bool streams = state_->plan.streams_weights && state_->weight_budget < state_->plan.model.weights_size();
    if (is_capturing && streams) {
        return "streaming weights cannot be captured";
    }

    return fails("enqueue") ? "the run was not enqueued, as the test asked for" : std::string();
}

bool Context::enqueueV3(cudaStream_t stream) noexcept {
    try {
        const Cuda& cuda = loaded_cuda();
        const bool is_capturing = cuda.is_capturing(stream);
        if (const std::string reason = problem(is_capturing); !reason.empty()) {
            return refuse(reason);
        }

        say(logger_);
        auto run = std::make_unique<Run>(
            Run{state_, &logger_, tensors_, addresses_, memory_, activation_size(state_->plan, tensors_)});
        if (is_capturing) {
            // Lives as long as this context, as what the real one hands to a graph does.
            cuda.launch(
                stream, [](void* user) { (*static_cast<Run*>(user))(); }, run.get());
            captured_.push_back(std::move(run));
        } else {
            is_prepared_ = true;
            cuda.launch(
                stream,
                [](void* user) {
                    const std::unique_ptr<Run> owned(static_cast<Run*>(user));
                    (*owned)();
                },
                run.get());
            (void)run.release();
        }

        return true;
    } catch (const std::exception& exception) {
        return refuse(exception.what());
    }
}

}  // namespace lsrt_double
