#include "tensorrt/log.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "error.hpp"

namespace lsrt::trt {

namespace {

thread_local Errors* current = nullptr;

bool says_out_of_memory(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    // Its own error code, CUDA's sentence, and what its allocator says: there is no typed way to ask.
    return text.find("outofmemory") != std::string::npos || text.find("out of memory") != std::string::npos ||
           text.find("could not be allocated") != std::string::npos;
}

}  // namespace

void Log::log(Severity severity, const char* message) noexcept {
    const char* text = message != nullptr ? message : "";
    {
        const std::shared_lock lock(callback_mutex_);
        if (callback_ != nullptr) {
            callback_(user_, static_cast<std::int32_t>(severity), text);
        }
    }

    if (severity > Severity::kERROR) {
        return;
    }

    try {
        if (current != nullptr && &current->log_ == this) {
            if (current->first_.empty()) {
                current->first_ = text;
            }
        } else {
            const std::lock_guard lock(mutex_);
            if (stray_error_.empty()) {
                stray_error_ = text;
            }
        }
    } catch (...) {
        // No memory for the message: the failure that follows goes without it.
    }
}

void Log::detach() noexcept {
    const std::unique_lock lock(callback_mutex_);
    callback_ = nullptr;
}

std::string Log::take_stray_error() {
    const std::lock_guard lock(mutex_);
    return std::exchange(stray_error_, {});
}

Errors::Errors(Log& log) : log_(log), outer_(std::exchange(current, this)) {}

Errors::~Errors() { current = outer_; }

std::string Errors::describe(const std::string& what) {
    const std::string error = first_.empty() ? log_.take_stray_error() : first_;
    return error.empty() ? what + "; TensorRT gave no reason" : what + ": " + error;
}

void Errors::fail(lsrt_status status, const std::string& what) {
    const std::string message = describe(what);
    // A capture that runs out of memory is a capture that failed: the work can still be enqueued plainly.
    const bool is_memory = status != LSRT_STATUS_CAPTURE && says_out_of_memory(message);
    throw Failure(is_memory ? LSRT_STATUS_DEVICE_OUT_OF_MEMORY : status, message);
}

}  // namespace lsrt::trt
