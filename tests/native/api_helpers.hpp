#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "latentsync_rt.h"

/// A text copied out by any call of that convention, asked for its size first.
template <typename Call>
std::string copied_text(Call call) {
    std::int64_t length = -1;
    EXPECT_EQ(LSRT_STATUS_OK, call(nullptr, 0, &length));
    std::string text(static_cast<std::size_t>(length) + 1, '?');
    EXPECT_EQ(LSRT_STATUS_OK, call(text.data(), length + 1, &length));
    EXPECT_EQ('\0', text.back());
    text.pop_back();
    return text;
}

inline std::string last_error() { return copied_text(lsrt_last_error); }

inline void expect_contains(const std::string& text, const std::string& part) {
    EXPECT_NE(std::string::npos, text.find(part)) << "'" << part << "' is not in '" << text << "'";
}
