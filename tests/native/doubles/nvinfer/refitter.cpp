#include "refitter.hpp"

#include <algorithm>

namespace lsrt_double {

std::int32_t Refitter::getMissingWeights(std::int32_t size, const char** names) noexcept {
    const std::vector<std::string> brought = next_ ? next_->weights() : std::vector<std::string>();
    std::int32_t count = 0;
    for (const std::string& name : engine_.plan.model.weights()) {
        if (std::find(brought.begin(), brought.end(), name) == brought.end() && count++ == 0 && size > 0) {
            missing_ = name;
            names[0] = missing_.c_str();
        }
    }

    return count;
}

bool Refitter::refitCudaEngine() noexcept {
    if (!next_ || fails("refit")) {
        log_error(logger_, "Error Code 4: Internal Error (the engine was not refitted)");
        return false;
    }

    const std::lock_guard lock(engine_.mutex);
    engine_.plan.model = std::move(*next_);
    next_.reset();
    return true;
}

}  // namespace lsrt_double
