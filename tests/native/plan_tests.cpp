#include <cstring>

#include "api_helpers.hpp"

// The plan's header, which every flavour reads.

namespace {

lsrt_status read(const std::string& plan, lsrt_plan_info* info) {
    info->struct_size = sizeof *info;
    return lsrt_plan_info_get(plan.data(), static_cast<int64_t>(plan.size()), info);
}

/// "ftrt", 20 bytes that are not looked at, and the version.
std::string header(const std::string& tag) { return tag + std::string(20, '\7') + std::string("\x0a\x10\x01\xeb"); }

}  // namespace

TEST(Plan, Info_Header_GivesTheVersion) {
    lsrt_plan_info info{};
    ASSERT_EQ(LSRT_STATUS_OK, read(header("ftrt") + "the rest", &info)) << last_error();
    EXPECT_EQ(10, info.major);
    EXPECT_EQ(16, info.minor);
    EXPECT_EQ(1, info.patch);
    EXPECT_EQ(235, info.build);  // unsigned
}

TEST(Plan, Info_TruncatedHeader_IsRefusedAtEveryLength) {
    lsrt_plan_info info{};
    info.major = -1;
    for (std::size_t length = 0; length < 28; ++length) {
        EXPECT_EQ(LSRT_STATUS_PLAN, read(header("ftrt").substr(0, length), &info)) << length;
    }

    EXPECT_EQ(LSRT_STATUS_OK, read(header("ftrt"), &info));
    EXPECT_EQ(10, info.major);
}

TEST(Plan, Info_OtherBytes_AreRefused) {
    lsrt_plan_info info{};
    EXPECT_EQ(LSRT_STATUS_PLAN, read(header("trtf"), &info));
    expect_contains(last_error(), "not a TensorRT plan");
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_plan_info_get(nullptr, 100, &info));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_plan_info_get(header("ftrt").data(), 28, nullptr));
}
