#include "stream.hpp"

#include "error.hpp"
#include "graph.hpp"

namespace lsrt {

struct Stream::CaptureEnd {
    ~CaptureEnd() {
        stream.is_capturing_ = false;
        stream.device_.end_capture();
    }

    Stream& stream;
};

/// What a capture recorded.
struct Stream::Captured {
    ~Captured() {
        if (graph != nullptr) {
            device.api().cuGraphDestroy(graph);
        }
    }

    Device& device;
    cuda::Graph graph = nullptr;
};

Stream::Stream(Device& device) : device_(device) {
    const AllocationScope scope(device);
    device.check(device.api().cuStreamCreate(&handle_, cuda::stream_non_blocking), "cuStreamCreate");
}

Stream::~Stream() {
    const ContextScope context(device_, std::nothrow);
    // There is nothing to wait for in a capture that another thread began and left: it never ran.
    int status = cuda::stream_capture_status_none;
    device_.api().cuStreamIsCapturing(handle_, &status);
    if (!device_.is_lost() && status == cuda::stream_capture_status_none) {
        device_.api().cuStreamSynchronize(handle_);
    }

    device_.api().cuStreamDestroy_v2(handle_);
}

void Stream::synchronize() {
    const ContextScope context(device_);
    device_.check(device_.api().cuStreamSynchronize(handle_), "cuStreamSynchronize");
}

void Stream::wait(const Event& event) {
    require(&event.device() == &device_, "the event is of another device");
    const ContextScope context(device_);
    const bool is_recording = device_.is_recording(handle_);
    device_.check_enqueued(device_.api().cuStreamWaitEvent(handle_, event.handle(), 0), "cuStreamWaitEvent",
                           is_recording);
}

void Stream::call(cuda::HostFunction function, void* user) {
    require(function != nullptr, "the function is null");
    const ContextScope context(device_);
    const bool is_recording = device_.is_recording(handle_);
    device_.check_enqueued(device_.api().cuLaunchHostFunc(handle_, function, user), "cuLaunchHostFunc", is_recording,
                           LSRT_STATUS_LAUNCH);
}

void Stream::begin_capture() {
    if (is_capturing_) {
        throw Failure(LSRT_STATUS_INVALID_STATE, "the stream captures already");
    }

    const ContextScope context(device_);
    device_.begin_capture([&] {
        device_.check_capture(device_.api().cuStreamBeginCapture_v2(handle_, cuda::stream_capture_mode_thread_local),
                              "cuStreamBeginCapture_v2");
    });
    is_capturing_ = true;
    capturing_thread_ = std::this_thread::get_id();
}

std::unique_ptr<Graph> Stream::end_capture() {
    if (!is_capturing_) {
        throw Failure(LSRT_STATUS_INVALID_STATE, "the stream does not capture");
    }

    if (capturing_thread_ != std::this_thread::get_id()) {
        throw Failure(LSRT_STATUS_INVALID_STATE, "a capture ends on the thread that began it");
    }

    // What was retired during the capture is freed behind the instantiation, which may still read it.
    const CaptureEnd end{*this};
    const ContextScope context(device_, std::nothrow);
    Captured captured{device_};
    device_.check_capture(device_.api().cuStreamEndCapture(handle_, &captured.graph), "cuStreamEndCapture");
    return std::make_unique<Graph>(device_, captured.graph);
}

void Stream::abort_capture() noexcept {
    // Another thread's capture cannot be ended from here; it goes on.
    if (is_capturing_ && capturing_thread_ == std::this_thread::get_id()) {
        close();
    }
}

void Stream::close() noexcept {
    if (!is_capturing_) {
        return;
    }

    const CaptureEnd end{*this};
    const ContextScope context(device_, std::nothrow);
    Captured captured{device_};
    device_.api().cuStreamEndCapture(handle_, &captured.graph);
}

}  // namespace lsrt
