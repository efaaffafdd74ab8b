#pragma once

#include <cstdint>
#include <memory>
#include <thread>

#include "device.hpp"
#include "event.hpp"

namespace lsrt {

class Graph;

/// A stream that does not wait for the legacy default stream. Serves one thread at a time.
class Stream {
  public:
    explicit Stream(Device& device);
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    /// Waits for the stream's work, unless the device is lost.
    ~Stream();

    Device& device() const noexcept { return device_; }
    cuda::Stream handle() const noexcept { return handle_; }

    void synchronize();
    void wait(const Event& event);
    void call(cuda::HostFunction function, void* user);

    bool is_capturing() const noexcept { return is_capturing_; }
    void begin_capture();
    /// Ends the capture and instantiates it. The stream runs again, whether this throws or not.
    std::unique_ptr<Graph> end_capture();
    /// Ends the capture, if this thread began one, and drops what it recorded.
    void abort_capture() noexcept;
    /// To be called once before the end of the stream's life: ends whichever thread's capture, so that it no longer
    /// holds up what the device frees.
    void close() noexcept;

  private:
    struct CaptureEnd;
    struct Captured;

    Device& device_;
    cuda::Stream handle_ = nullptr;
    bool is_capturing_ = false;
    std::thread::id capturing_thread_;
};

}  // namespace lsrt
