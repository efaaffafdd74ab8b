#include "tensorrt/progress.hpp"

namespace lsrt::trt {

void Progress::phaseStart(const char* name, const char* parent, std::int32_t step_count) noexcept {
    try {
        const std::lock_guard lock(mutex_);
        Phase phase{0, step_count};
        if (parent != nullptr) {
            const auto outer = phases_.find(parent);
            phase.depth = outer != phases_.end() ? outer->second.depth + 1 : 1;
        }

        phases_[name] = phase;
        tell(name, phase, 0);
    } catch (...) {
        out_of_memory_ = true;  // the build is stopped at its next step
    }
}

bool Progress::stepComplete(const char* name, std::int32_t step) noexcept {
    try {
        const std::lock_guard lock(mutex_);
        const auto phase = phases_.find(name);
        if (phase != phases_.end()) {
            tell(name, phase->second, step + 1);
        }
    } catch (...) {
        out_of_memory_ = true;
    }

    return goes_on();
}

void Progress::phaseFinish(const char* name) noexcept {
    try {
        const std::lock_guard lock(mutex_);
        phases_.erase(name);
    } catch (...) {
        out_of_memory_ = true;
    }
}

// Once stopped, the caller is left alone: TensorRT takes a while to come to an end.
void Progress::tell(const char* name, const Phase& phase, std::int32_t step) {
    if (goes_on() && callback_(user_, name, phase.depth, step, phase.step_count) == 0) {
        cancelled_ = true;
    }
}

}  // namespace lsrt::trt
