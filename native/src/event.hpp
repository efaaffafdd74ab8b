#pragma once

#include "device.hpp"

namespace lsrt {

class Stream;

/// A point in a stream's work.
class Event {
  public:
    Event(Device& device, bool is_timing);
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    ~Event();

    Device& device() const noexcept { return device_; }
    cuda::Event handle() const noexcept { return handle_; }

    void record(Stream& stream);
    void synchronize();
    bool is_done();
    /// Milliseconds from `start`, another event's, to this one's latest record. Throws INVALID_STATE if either is not
    /// reached or records no times.
    float elapsed_since(const Event& start) const;

  private:
    Device& device_;
    cuda::Event handle_ = nullptr;
    bool is_timing_;
};

}  // namespace lsrt
