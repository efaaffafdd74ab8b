#include "error.hpp"

#include <algorithm>
#include <cstddef>

#include "text.hpp"

namespace lsrt {

namespace {

// A plain array: storing a message must work when no memory is left. Long enough for a dozen paths with their reasons.
struct Message {
    char text[8192];
    std::size_t length;
};

thread_local Message message{};

}  // namespace

lsrt_status report(lsrt_status status, std::string_view text) noexcept {
    const std::size_t length = whole_characters(text, sizeof message.text);
    std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(length), message.text,
                   [](char c) { return c == '\n' || c == '\r' ? ' ' : c; });
    message.length = length;
    return status;
}

std::string_view last_message() noexcept { return {message.text, message.length}; }

void require(bool condition, const char* text) {
    if (!condition) {
        throw Failure(LSRT_STATUS_INVALID_ARGUMENT, text);
    }
}

}  // namespace lsrt
