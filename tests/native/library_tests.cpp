#include <cstddef>
#include <thread>

#include "api_helpers.hpp"

extern "C" int32_t abi_version_seen_from_c(void);

TEST(Library, AbiVersion_SeenFromCAndCpp_IsTheHeaders) {
    EXPECT_EQ(LSRT_ABI_VERSION, lsrt_abi_version());
    EXPECT_EQ(LSRT_ABI_VERSION, abi_version_seen_from_c());
}

TEST(Library, RuntimeInfo_AgreesWithVersionString) {
    lsrt_runtime_info info{};
    info.struct_size = sizeof info;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_runtime_info_get(&info));
    EXPECT_EQ(LSRT_ABI_VERSION, info.abi_version);
    EXPECT_EQ(static_cast<int32_t>(8 * sizeof(void*)), info.pointer_bits);
    EXPECT_EQ(static_cast<int64_t>(sizeof info), info.struct_size);
    EXPECT_EQ(std::to_string(info.version_major) + "." + std::to_string(info.version_minor) + "." +
                  std::to_string(info.version_patch),
              copied_text(lsrt_version_string));
}

TEST(Library, RuntimeInfo_LargerCallerStruct_LeavesTheTailAlone) {
    struct {
        lsrt_runtime_info known;
        int64_t later_field;
    } info{};
    info.known.struct_size = sizeof info;
    info.later_field = 77;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_runtime_info_get(&info.known));
    EXPECT_EQ(77, info.later_field);
    EXPECT_EQ(static_cast<int64_t>(sizeof info), info.known.struct_size);
}

TEST(Library, RuntimeInfo_TensorRtVersion_AgreesWithItsMajor) {
    lsrt_runtime_info info{};
    info.struct_size = sizeof info;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_runtime_info_get(&info));
    EXPECT_EQ(info.tensorrt_version / 10000, info.tensorrt_major);
}

TEST(Library, RuntimeInfo_CallerOfVersion1_LeavesLaterFieldsAlone) {
    lsrt_runtime_info info{};
    info.struct_size = offsetof(lsrt_runtime_info, tensorrt_major);
    info.tensorrt_major = -7;
    info.tensorrt_version = -8;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_runtime_info_get(&info));
    EXPECT_EQ(LSRT_ABI_VERSION, info.abi_version);
    EXPECT_EQ(-7, info.tensorrt_major);
    EXPECT_EQ(-8, info.tensorrt_version);
}

TEST(Library, RuntimeInfo_SizeNotSet_IsRefusedAndNothingWritten) {
    lsrt_runtime_info info{};
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_runtime_info_get(&info));
    EXPECT_EQ(0, info.abi_version);
    expect_contains(last_error(), "struct_size");
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_runtime_info_get(nullptr));
}

TEST(Library, VersionString_ShortBuffer_SaysSoAndStaysInside) {
    char buffer[4] = {'?', '?', '?', '?'};
    std::int64_t length = 0;
    EXPECT_EQ(LSRT_STATUS_BUFFER_TOO_SMALL, lsrt_version_string(buffer, 3, &length));
    EXPECT_EQ('\0', buffer[2]);
    EXPECT_EQ('?', buffer[3]);
    EXPECT_EQ(static_cast<std::int64_t>(copied_text(lsrt_version_string).size()), length);
}

TEST(Library, VersionString_BadArguments_AreRefused) {
    char buffer[16];
    std::int64_t length = 0;
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_version_string(buffer, sizeof buffer, nullptr));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_version_string(nullptr, 8, &length));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_version_string(buffer, -1, &length));
}

TEST(Library, LastError_AfterSuccessAndFromAnotherThread_IsPerThread) {
    ASSERT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_runtime_info_get(nullptr));
    const std::string message = last_error();
    EXPECT_FALSE(message.empty());
    copied_text(lsrt_version_string);
    EXPECT_EQ(message, last_error());
    std::string elsewhere = "unset";
    std::thread([&] { elsewhere = last_error(); }).join();
    EXPECT_EQ("", elsewhere);
}
