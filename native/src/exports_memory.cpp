#include "exports.hpp"
#include "objects.hpp"

using namespace lsrt;

lsrt_status lsrt_buffer_create(lsrt_stream* stream, int64_t size, lsrt_buffer** buffer) {
    return guard([&] {
        auto& result = out(buffer);
        result = new lsrt_buffer(checked(stream).stream, size);
    });
}

lsrt_status lsrt_buffer_destroy(lsrt_buffer* buffer) {
    return guard([&] {
        if (buffer != nullptr) {
            buffer->buffer.device().retire(buffer);
        }
    });
}

lsrt_status lsrt_buffer_address(const lsrt_buffer* buffer, uint64_t* address) {
    return guard([&] { out(address) = checked(buffer).buffer.address(); });
}

lsrt_status lsrt_buffer_size(const lsrt_buffer* buffer, int64_t* size) {
    return guard([&] { out(size) = checked(buffer).buffer.size(); });
}

lsrt_status lsrt_pinned_create(lsrt_device* device, int64_t size, lsrt_pinned** pinned) {
    return guard([&] {
        auto& result = out(pinned);
        result = new lsrt_pinned(checked(device).device, size);
    });
}

lsrt_status lsrt_pinned_destroy(lsrt_pinned* pinned) {
    return guard([&] {
        if (pinned != nullptr) {
            pinned->pinned.device().retire(pinned);
        }
    });
}

lsrt_status lsrt_pinned_pointer(const lsrt_pinned* pinned, void** pointer) {
    return guard([&] { out(pointer) = checked(pinned).pinned.pointer(); });
}

lsrt_status lsrt_copy_to_device(lsrt_stream* stream, const void* source, lsrt_buffer* destination, int64_t offset,
                                int64_t size) {
    return guard([&] { copy_to_device(checked(stream).stream, source, checked(destination).buffer, offset, size); });
}

lsrt_status lsrt_copy_to_host(lsrt_stream* stream, const lsrt_buffer* source, int64_t offset, void* destination,
                              int64_t size) {
    return guard([&] { copy_to_host(checked(stream).stream, checked(source).buffer, offset, destination, size); });
}

lsrt_status lsrt_copy_on_device(lsrt_stream* stream, const lsrt_buffer* source, int64_t source_offset,
                                lsrt_buffer* destination, int64_t destination_offset, int64_t size) {
    return guard([&] {
        copy_on_device(checked(stream).stream, checked(source).buffer, source_offset, checked(destination).buffer,
                       destination_offset, size);
    });
}

lsrt_status lsrt_fill(lsrt_stream* stream, lsrt_buffer* buffer, int64_t offset, int64_t size, uint8_t value) {
    return guard([&] { fill(checked(stream).stream, checked(buffer).buffer, offset, size, value); });
}
