#include <gtest/gtest.h>

#include <string>

#include "text.hpp"

namespace {

TEST(Text, WholeCharacters_CutAnywhere_NeverSplitsACharacter) {
    const std::string text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8E\xAC";  // a, 2, 3 and 4 bytes
    const std::size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};
    for (std::size_t limit = 0; limit <= text.size(); ++limit) {
        EXPECT_EQ(expected[limit], lsrt::whole_characters(text, limit)) << limit;
    }
}

TEST(Text, CopyOut_ExactRoom_FitsWithItsZero) {
    char buffer[4] = {'?', '?', '?', '?'};
    std::int64_t length = 0;
    EXPECT_TRUE(lsrt::copy_out("abc", buffer, 4, &length));
    EXPECT_STREQ("abc", buffer);
    EXPECT_EQ(3, length);
    EXPECT_FALSE(lsrt::copy_out("abc", buffer, 3, &length));
    EXPECT_STREQ("ab", buffer);
    EXPECT_EQ(3, length);
}

}  // namespace
