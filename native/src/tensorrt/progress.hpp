#pragma once

#include <NvInfer.h>

#include <atomic>
#include <map>
#include <mutex>
#include <string>

#include "latentsync_rt.h"

namespace lsrt::trt {

/// Hands a build's progress to the caller's callback, one call at a time, and stops the build when it says so.
class Progress final : public nvinfer1::IProgressMonitor {
  public:
    explicit Progress(const lsrt_callbacks& callbacks) : callback_(callbacks.progress), user_(callbacks.user) {}

    bool is_wanted() const noexcept { return callback_ != nullptr; }
    bool is_cancelled() const noexcept { return cancelled_; }
    /// There was no memory to follow the build with, which was stopped therefore.
    bool is_out_of_memory() const noexcept { return out_of_memory_; }

    void phaseStart(const char* name, const char* parent, std::int32_t step_count) noexcept override;
    bool stepComplete(const char* name, std::int32_t step) noexcept override;
    void phaseFinish(const char* name) noexcept override;

  private:
    struct Phase {
        std::int32_t depth;
        std::int32_t step_count;
    };

    bool goes_on() const noexcept { return !cancelled_ && !out_of_memory_; }
    void tell(const char* name, const Phase& phase, std::int32_t step);

    lsrt_progress_callback callback_;
    void* user_;
    std::atomic<bool> cancelled_ = false;
    std::atomic<bool> out_of_memory_ = false;
    std::mutex mutex_;  // phases come from several of TensorRT's threads
    std::map<std::string, Phase> phases_;
};

}  // namespace lsrt::trt
