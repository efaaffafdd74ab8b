#include "buffer.hpp"

#include "error.hpp"

namespace lsrt {

Buffer::Buffer(Stream& stream, std::int64_t size) : device_(stream.device()), stream_(stream.handle()), size_(size) {
    require(size > 0, "a buffer has at least one byte");
    const AllocationScope scope(device_);
    const auto bytes = static_cast<std::size_t>(size);
    if (device_.pool() != nullptr) {
        device_.check(device_.api().cuMemAllocFromPoolAsync(&address_, bytes, device_.pool(), stream_),
                      "cuMemAllocFromPoolAsync");
    } else {
        device_.check(device_.api().cuMemAlloc_v2(&address_, bytes), "cuMemAlloc_v2");
    }

    device_.count_buffer(size);
}

Buffer::~Buffer() {
    const ContextScope context(device_, std::nothrow);
    if (device_.pool() != nullptr) {
        device_.api().cuMemFreeAsync(address_, stream_);
    } else {
        // Plain memory goes at once: what the stream was given before must be through with it.
        if (!device_.is_lost()) {
            device_.api().cuStreamSynchronize(stream_);
        }

        device_.api().cuMemFree_v2(address_);
    }

    device_.count_buffer(-size_);
}

cuda::Address Buffer::range(std::int64_t offset, std::int64_t size) const {
    require(offset >= 0 && size >= 0 && offset <= size_ && size <= size_ - offset,
            "the range does not lie in the buffer");
    return address_ + static_cast<cuda::Address>(offset);
}

Pinned::Pinned(Device& device, std::int64_t size) : device_(device), size_(size) {
    require(size > 0, "pinned memory has at least one byte");
    const AllocationScope scope(device);
    device.check(device.api().cuMemHostAlloc(&pointer_, static_cast<std::size_t>(size), cuda::memhostalloc_portable),
                 "cuMemHostAlloc");
    device.count_pinned(size);
}

Pinned::~Pinned() {
    const ContextScope context(device_, std::nothrow);
    device_.api().cuMemFreeHost(pointer_);
    device_.count_pinned(-size_);
}

}  // namespace lsrt
