#include "text.hpp"

#include <cstring>

#include "error.hpp"

namespace lsrt {

std::size_t whole_characters(std::string_view text, std::size_t limit) noexcept {
    if (text.size() <= limit) {
        return text.size();
    }

    std::size_t length = limit;
    // Bytes 10xxxxxx continue a character: step back to the one that begins it.
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0u) == 0x80u) {
        --length;
    }

    return length;
}

bool copy_out(std::string_view text, char* buffer, std::int64_t capacity, std::int64_t* length) {
    require(length != nullptr, "length is null");
    require(capacity >= 0, "capacity is negative");
    require(buffer != nullptr || capacity == 0, "buffer is null");
    *length = static_cast<std::int64_t>(text.size());
    if (capacity == 0) {
        return true;
    }

    const std::size_t copied = whole_characters(text, static_cast<std::size_t>(capacity - 1));
    std::memcpy(buffer, text.data(), copied);
    buffer[copied] = '\0';
    return copied == text.size();
}

void copy_out_or_throw(std::string_view text, char* buffer, std::int64_t capacity, std::int64_t* length) {
    if (!copy_out(text, buffer, capacity, length)) {
        throw Failure(LSRT_STATUS_BUFFER_TOO_SMALL,
                      "the text does not fit into the buffer; length says how long it is");
    }
}

}  // namespace lsrt
