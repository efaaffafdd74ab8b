#pragma once

#include <cstdint>

#include "stream.hpp"

namespace lsrt {

/// Device memory, allocated and freed in the order of a stream, which must outlive it.
class Buffer {
  public:
    Buffer(Stream& stream, std::int64_t size);
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer();

    Device& device() const noexcept { return device_; }
    std::int64_t size() const noexcept { return size_; }
    cuda::Address address() const noexcept { return address_; }
    /// The address of `size` bytes at `offset`. Throws INVALID_ARGUMENT if they do not lie in the buffer.
    cuda::Address range(std::int64_t offset, std::int64_t size) const;

  private:
    Device& device_;
    cuda::Stream stream_;
    std::int64_t size_;
    cuda::Address address_ = 0;
};

/// Page-locked host memory.
class Pinned {
  public:
    Pinned(Device& device, std::int64_t size);
    Pinned(const Pinned&) = delete;
    Pinned& operator=(const Pinned&) = delete;
    ~Pinned();

    Device& device() const noexcept { return device_; }
    void* pointer() const noexcept { return pointer_; }

  private:
    Device& device_;
    std::int64_t size_;
    void* pointer_ = nullptr;
};

void copy_to_device(Stream& stream, const void* source, const Buffer& destination, std::int64_t offset,
                    std::int64_t size);
void copy_to_host(Stream& stream, const Buffer& source, std::int64_t offset, void* destination, std::int64_t size);
void copy_on_device(Stream& stream, const Buffer& source, std::int64_t source_offset, const Buffer& destination,
                    std::int64_t destination_offset, std::int64_t size);
void fill(Stream& stream, const Buffer& buffer, std::int64_t offset, std::int64_t size, std::uint8_t value);

}  // namespace lsrt
