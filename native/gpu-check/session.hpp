#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "api.hpp"

namespace gpu_check {

/// One device with the stream and the events that everything runs on.
class Session {
  public:
    /// An empty path: the system's driver.
    Session(const std::string& driver_path, std::int32_t device_index);

    lsrt_device* device() const { return device_.get(); }
    lsrt_stream* stream() const { return stream_.get(); }
    const lsrt_cuda_device& description() const { return description_; }
    std::int32_t driver_version() const { return driver_version_; }
    std::string driver_path() const;

    /// 86 for compute capability 8.6.
    int architecture() const { return 10 * description_.compute_major + description_.compute_minor; }

    void synchronize() const { check(lsrt_stream_synchronize(stream_.get())); }

    Buffer buffer(std::size_t size) const;
    static std::uint64_t address(const Buffer& buffer);
    void upload(const Buffer& buffer, const void* bytes, std::size_t size) const;
    void download(const Buffer& buffer, void* bytes, std::size_t size) const;

    /// Records what `enqueue` enqueues.
    Graph capture(const std::function<void()>& enqueue) const;
    void launch(const Graph& graph) const { check(lsrt_graph_launch(graph.get(), stream_.get())); }

    /// Microseconds on the device's clock of `work`, the median of `samples` runs after one that is not counted;
    /// `prepare` comes before each run and is not measured.
    double median_time(int samples, const std::function<void()>& prepare, const std::function<void()>& work) const;

  private:
    Driver driver_;
    lsrt_cuda_device description_{};
    std::int32_t driver_version_ = 0;
    Device device_;
    Stream stream_;
    Event start_;
    Event end_;
};

}  // namespace gpu_check
