#include "session.hpp"

#include <algorithm>
#include <vector>

namespace gpu_check {

Session::Session(const std::string& driver_path, std::int32_t device_index) {
    if (lsrt_abi_version() != LSRT_ABI_VERSION) {
        throw std::runtime_error("the runtime was built from another header than this program");
    }

    lsrt_cuda_driver_options options{sizeof options, driver_path.empty() ? nullptr : driver_path.c_str()};
    driver_ = make<Driver>(lsrt_cuda_driver_create, &options);
    check(lsrt_cuda_driver_version(driver_.get(), &driver_version_));
    description_.struct_size = sizeof description_;
    check(lsrt_cuda_driver_device(driver_.get(), device_index, &description_));
    device_ = make<Device>(lsrt_device_create, driver_.get(), description_.ordinal);
    stream_ = make<Stream>(lsrt_stream_create, device_.get());
    start_ = make<Event>(lsrt_event_create, device_.get(), 1);
    end_ = make<Event>(lsrt_event_create, device_.get(), 1);
}

std::string Session::driver_path() const {
    std::int64_t length = 0;
    check(lsrt_cuda_driver_path(driver_.get(), nullptr, 0, &length));
    std::string path(static_cast<std::size_t>(length) + 1, '\0');
    check(lsrt_cuda_driver_path(driver_.get(), path.data(), length + 1, &length));
    path.resize(static_cast<std::size_t>(length));
    return path;
}

Buffer Session::buffer(std::size_t size) const {
    return make<Buffer>(lsrt_buffer_create, stream_.get(), static_cast<std::int64_t>(size));
}

std::uint64_t Session::address(const Buffer& buffer) {
    std::uint64_t address = 0;
    check(lsrt_buffer_address(buffer.get(), &address));
    return address;
}

void Session::upload(const Buffer& buffer, const void* bytes, std::size_t size) const {
    check(lsrt_copy_to_device(stream_.get(), bytes, buffer.get(), 0, static_cast<std::int64_t>(size)));
}

void Session::download(const Buffer& buffer, void* bytes, std::size_t size) const {
    check(lsrt_copy_to_host(stream_.get(), buffer.get(), 0, bytes, static_cast<std::int64_t>(size)));
}

Graph Session::capture(const std::function<void()>& enqueue) const {
    check(lsrt_stream_begin_capture(stream_.get()));
    try {
        enqueue();
    } catch (...) {
        lsrt_stream_abort_capture(stream_.get());
        throw;
    }

    return make<Graph>(lsrt_stream_end_capture, stream_.get());
}

double Session::median_time(int samples, const std::function<void()>& prepare,
                            const std::function<void()>& work) const {
    std::vector<float> times;
    for (int i = 0; i <= samples; ++i) {
        prepare();
        check(lsrt_event_record(start_.get(), stream_.get()));
        work();
        check(lsrt_event_record(end_.get(), stream_.get()));
        check(lsrt_event_synchronize(end_.get()));
        float milliseconds = 0;
        check(lsrt_event_elapsed(start_.get(), end_.get(), &milliseconds));
        if (i > 0) {  // the first run loads code and raises the clock
            times.push_back(milliseconds);
        }
    }

    const auto middle = times.begin() + samples / 2;
    std::nth_element(times.begin(), middle, times.end());
    return 1000.0 * static_cast<double>(*middle);
}

}  // namespace gpu_check
