#include <gtest/gtest.h>

#include <new>
#include <string>

#include "error.hpp"

namespace {

TEST(Error, Guard_NothingThrown_IsOk) {
    EXPECT_EQ(LSRT_STATUS_OK, lsrt::guard([] {}));
}

TEST(Error, Guard_EveryKindOfException_BecomesAStatusAndAMessage) {
    EXPECT_EQ(LSRT_STATUS_DRIVER, lsrt::guard([] { throw lsrt::Failure(LSRT_STATUS_DRIVER, "driver says no"); }));
    EXPECT_EQ("driver says no", lsrt::last_message());
    EXPECT_EQ(LSRT_STATUS_OUT_OF_MEMORY, lsrt::guard([] { throw std::bad_alloc(); }));
    EXPECT_EQ("out of host memory", lsrt::last_message());
    EXPECT_EQ(LSRT_STATUS_INTERNAL, lsrt::guard([] { throw std::logic_error("a defect"); }));
    EXPECT_EQ("a defect", lsrt::last_message());
    EXPECT_EQ(LSRT_STATUS_INTERNAL, lsrt::guard([] { throw 7; }));
    EXPECT_EQ("an exception of an unknown type", lsrt::last_message());
}

TEST(Error, Guard_RealAllocationFailure_IsOutOfMemory) {
    if (HAS_SANITIZERS != 0) {
        GTEST_SKIP() << "AddressSanitizer ends the process where operator new would throw";
    }

    // The function, not the expression: compilers may leave out a `new` whose result is not used.
    volatile std::size_t too_much = static_cast<std::size_t>(-1) / 4;
    EXPECT_EQ(LSRT_STATUS_OUT_OF_MEMORY, lsrt::guard([&] { ::operator delete(::operator new(too_much)); }));
}

TEST(Error, Report_LongAndManyLines_IsOneLineCutBetweenCharacters) {
    std::string text(8191, 'a');
    text += "\xC3\xA9";
    lsrt::report(LSRT_STATUS_INTERNAL, text);
    EXPECT_EQ(std::string(8191, 'a'), lsrt::last_message());
    lsrt::report(LSRT_STATUS_INTERNAL, "two\nlines");
    EXPECT_EQ("two lines", lsrt::last_message());
}

}  // namespace
