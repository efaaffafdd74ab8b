#include "buffer.hpp"
#include "error.hpp"

namespace lsrt {

namespace {

void require_device_of(const Stream& stream, const Buffer& buffer) {
    require(&stream.device() == &buffer.device(), "stream and buffer are of different devices");
}

}  // namespace

void copy_to_device(Stream& stream, const void* source, const Buffer& destination, std::int64_t offset,
                    std::int64_t size) {
    require_device_of(stream, destination);
    const cuda::Address address = destination.range(offset, size);
    if (size == 0) {
        return;
    }

    require(source != nullptr, "the source is null");
    Device& device = stream.device();
    const ContextScope context(device);
    const bool is_recording = device.is_recording(stream.handle());
    device.check_enqueued(
        device.api().cuMemcpyHtoDAsync_v2(address, source, static_cast<std::size_t>(size), stream.handle()),
        "cuMemcpyHtoDAsync_v2", is_recording);
    if (!is_recording) {
        ++device.counters().copies_to_device;
        device.counters().bytes_to_device += size;
    }
}

void copy_to_host(Stream& stream, const Buffer& source, std::int64_t offset, void* destination, std::int64_t size) {
    require_device_of(stream, source);
    const cuda::Address address = source.range(offset, size);
    if (size == 0) {
        return;
    }

    require(destination != nullptr, "the destination is null");
    Device& device = stream.device();
    const ContextScope context(device);
    const bool is_recording = device.is_recording(stream.handle());
    device.check_enqueued(
        device.api().cuMemcpyDtoHAsync_v2(destination, address, static_cast<std::size_t>(size), stream.handle()),
        "cuMemcpyDtoHAsync_v2", is_recording);
    if (!is_recording) {
        ++device.counters().copies_to_host;
        device.counters().bytes_to_host += size;
    }
}

void copy_on_device(Stream& stream, const Buffer& source, std::int64_t source_offset, const Buffer& destination,
                    std::int64_t destination_offset, std::int64_t size) {
    require_device_of(stream, source);
    require_device_of(stream, destination);
    const cuda::Address from = source.range(source_offset, size);
    const cuda::Address to = destination.range(destination_offset, size);
    if (size == 0) {
        return;
    }

    Device& device = stream.device();
    const ContextScope context(device);
    const bool is_recording = device.is_recording(stream.handle());
    device.check_enqueued(device.api().cuMemcpyDtoDAsync_v2(to, from, static_cast<std::size_t>(size), stream.handle()),
                          "cuMemcpyDtoDAsync_v2", is_recording);
    if (!is_recording) {
        ++device.counters().copies_on_device;
    }
}

void fill(Stream& stream, const Buffer& buffer, std::int64_t offset, std::int64_t size, std::uint8_t value) {
    require_device_of(stream, buffer);
    const cuda::Address address = buffer.range(offset, size);
    if (size == 0) {
        return;
    }

    Device& device = stream.device();
    const ContextScope context(device);
    const bool is_recording = device.is_recording(stream.handle());
    device.check_enqueued(device.api().cuMemsetD8Async(address, value, static_cast<std::size_t>(size), stream.handle()),
                          "cuMemsetD8Async", is_recording);
}

}  // namespace lsrt
