#include "event.hpp"

#include "error.hpp"
#include "stream.hpp"

namespace lsrt {

Event::Event(Device& device, bool is_timing) : device_(device), is_timing_(is_timing) {
    const ContextScope context(device);
    // Whoever waits on the host sleeps: the cores belong to the decoder and the encoder.
    const unsigned int flags = cuda::event_blocking_sync | (is_timing ? 0 : cuda::event_disable_timing);
    device.check(device.api().cuEventCreate(&handle_, flags), "cuEventCreate");
}

Event::~Event() {
    const ContextScope context(device_, std::nothrow);
    device_.api().cuEventDestroy_v2(handle_);
}

void Event::record(Stream& stream) {
    require(&stream.device() == &device_, "the stream is of another device");
    const ContextScope context(device_);
    const bool is_recording = device_.is_recording(stream.handle());
    device_.check_enqueued(device_.api().cuEventRecord(handle_, stream.handle()), "cuEventRecord", is_recording);
}

void Event::synchronize() {
    const ContextScope context(device_);
    device_.check(device_.api().cuEventSynchronize(handle_), "cuEventSynchronize");
}

bool Event::is_done() {
    const ContextScope context(device_);
    const cuda::Result result = device_.api().cuEventQuery(handle_);
    if (result == cuda::error_not_ready) {
        return false;
    }

    device_.check(result, "cuEventQuery");
    return true;
}

float Event::elapsed_since(const Event& start) const {
    require(&start.device_ == &device_, "the events are of different devices");
    if (!is_timing_ || !start.is_timing_) {
        throw Failure(LSRT_STATUS_INVALID_STATE, "the event was made without timing");
    }

    const ContextScope context(device_);
    float milliseconds = 0;
    const cuda::Result result = device_.api().cuEventElapsedTime(&milliseconds, start.handle_, handle_);
    // The second is what the driver says of an event that was never recorded.
    if (result == cuda::error_not_ready || result == cuda::error_invalid_handle) {
        throw Failure(LSRT_STATUS_INVALID_STATE, "an event is not reached");
    }

    device_.check(result, "cuEventElapsedTime");
    return milliseconds;
}

}  // namespace lsrt
