#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lsrt {

/// The most bytes of `text`, at most `limit`, that end between two UTF-8 characters.
std::size_t whole_characters(std::string_view text, std::size_t limit) noexcept;

/// Copies `text` out by the convention stated at the head of latentsync_rt.h; false if it did not fit.
/// Throws INVALID_ARGUMENT for a null `length`, a negative capacity, or a null buffer with a capacity.
bool copy_out(std::string_view text, char* buffer, std::int64_t capacity, std::int64_t* length);

/// `copy_out` that throws BUFFER_TOO_SMALL where the text did not fit.
void copy_out_or_throw(std::string_view text, char* buffer, std::int64_t capacity, std::int64_t* length);

}  // namespace lsrt
