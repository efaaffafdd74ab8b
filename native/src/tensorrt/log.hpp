#pragma once

#include <NvInfer.h>

#include <mutex>
#include <shared_mutex>
#include <string>

#include "latentsync_rt.h"

namespace lsrt::trt {

/// Hands TensorRT's messages to the caller's callback, and keeps what failed for the messages of our failures.
class Log final : public nvinfer1::ILogger {
  public:
    explicit Log(const lsrt_callbacks& callbacks) : callback_(callbacks.log), user_(callbacks.user) {}

    void log(Severity severity, const char* message) noexcept override;

    /// No callback is under way any more when this returns, and none follows.
    void detach() noexcept;

    /// The first error that came from a thread without an `Errors` object, one of TensorRT's own, since the last call.
    std::string take_stray_error();

  private:
    lsrt_log_callback callback_;
    void* user_;
    // Held shared while the callback runs, on as many threads as TensorRT likes.
    std::shared_mutex callback_mutex_;
    std::mutex mutex_;
    std::string stray_error_;
};

/// Keeps the first error that TensorRT logs on this thread while the object lives, for the sentence of a failure.
/// One log serves all executions of an engine: the thread tells whose error it is.
class Errors {
  public:
    explicit Errors(Log& log);
    ~Errors();
    Errors(const Errors&) = delete;
    Errors& operator=(const Errors&) = delete;

    /// `what` with TensorRT's first error behind it.
    std::string describe(const std::string& what);

    /// Throws a Failure of `status`, or of DEVICE_OUT_OF_MEMORY if that is what TensorRT says.
    [[noreturn]] void fail(lsrt_status status, const std::string& what);

    /// Whether one was logged.
    bool any() const noexcept { return !first_.empty(); }

    /// Puts an error that did not come through the log in front of those that did.
    void set_first(const std::string& error) { first_ = error; }

  private:
    friend class Log;
    Log& log_;
    Errors* outer_;
    std::string first_;
};

}  // namespace lsrt::trt
