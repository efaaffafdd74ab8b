#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

#include "device_fixture.hpp"

namespace {

class Memory : public DeviceTest {
  protected:
    void SetUp() override {
        DeviceTest::SetUp();
        open();
    }
};

std::vector<float> ramp(std::size_t count) {
    std::vector<float> values(count);
    std::iota(values.begin(), values.end(), 1.0F);
    return values;
}

TEST_F(Memory, Copies_RoundTrip_KeepEveryByteAndAreCounted) {
    const std::vector<float> values = ramp(64);
    lsrt_buffer* source = buffer(values);
    lsrt_buffer* copy = buffer(std::vector<float>(64));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_copy_on_device(stream_, source, 0, copy, 0, 256));
    EXPECT_EQ(values, read(copy));
    EXPECT_EQ(2, counters().copies_to_device);
    EXPECT_EQ(512, counters().bytes_to_device);
    EXPECT_EQ(1, counters().copies_to_host);
    EXPECT_EQ(256, counters().bytes_to_host);
    EXPECT_EQ(1, counters().copies_on_device);
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_device_counters_reset(device_));
    EXPECT_EQ(0, counters().bytes_to_device);
}

TEST_F(Memory, Copies_WithOffsets_TouchOnlyTheirRange) {
    lsrt_buffer* target = buffer(ramp(4));
    const float value = 9.0F;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_copy_to_device(stream_, &value, target, 8, 4));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_copy_on_device(stream_, target, 0, target, 12, 4));
    EXPECT_EQ((std::vector<float>{1, 2, 9, 1}), read(target));
    float one = 0;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_copy_to_host(stream_, target, 4, &one, 4));
    EXPECT_EQ(2.0F, one);
}

TEST_F(Memory, Fill_Part_SetsItsBytesAlone) {
    lsrt_buffer* target = buffer(ramp(3));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_fill(stream_, target, 4, 4, 0));
    EXPECT_EQ((std::vector<float>{1, 0, 3}), read(target));
}

TEST_F(Memory, Ranges_OutsideTheBuffer_AreRefusedBeforeTheDriverSeesThem) {
    lsrt_buffer* target = buffer(ramp(4));
    char bytes[32] = {};
    constexpr int64_t huge = std::numeric_limits<int64_t>::max();
    const struct {
        int64_t offset, size;
    } ranges[] = {{0, 17}, {16, 1}, {17, 0}, {-1, 4}, {0, -1}, {8, huge}, {huge, 8}};
    const int64_t calls = lsrt_double_calls("cuMemcpyHtoDAsync_v2");
    for (const auto [offset, size] : ranges) {
        EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_copy_to_device(stream_, bytes, target, offset, size)) << offset;
        EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_copy_to_host(stream_, target, offset, bytes, size)) << offset;
        EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_copy_on_device(stream_, target, offset, target, 0, size));
        EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_copy_on_device(stream_, target, 0, target, offset, size));
        EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_fill(stream_, target, offset, size, 0)) << offset;
    }

    EXPECT_EQ(calls, lsrt_double_calls("cuMemcpyHtoDAsync_v2"));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_copy_to_device(stream_, nullptr, target, 16, 0));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_copy_to_device(stream_, nullptr, target, 0, 4));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_copy_to_host(stream_, target, 0, nullptr, 4));
    EXPECT_EQ(calls, lsrt_double_calls("cuMemcpyHtoDAsync_v2"));
}

TEST_F(Memory, Buffer_Create_IsAlignedAndKnowsItsSize) {
    lsrt_buffer* created = buffer(ramp(3));
    int64_t size = 0;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_buffer_size(created, &size));
    EXPECT_EQ(12, size);
    EXPECT_EQ(0U, address(created) % 256);
}

TEST_F(Memory, Create_BadSizes_AreRefused) {
    lsrt_buffer* created = nullptr;
    lsrt_pinned* pinned = nullptr;
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_buffer_create(stream_, 0, &created));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_buffer_create(stream_, -5, &created));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_pinned_create(device_, 0, &pinned));
    EXPECT_EQ(nullptr, created);
    EXPECT_EQ(nullptr, pinned);
}

TEST_F(Memory, Pinned_Lifetime_IsCounted) {
    lsrt_pinned* pinned = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_pinned_create(device_, 64, &pinned));
    void* pointer = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_pinned_pointer(pinned, &pointer));
    std::memset(pointer, 1, 64);
    EXPECT_EQ(64, memory().pinned);
    EXPECT_EQ(1, lsrt_double_count(LSRT_DOUBLE_PINNED));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_pinned_destroy(pinned));
    EXPECT_EQ(0, memory().pinned);
}

TEST_F(Memory, Trim_BuffersDestroyed_GivesTheirMemoryBack) {
    buffer(ramp(8));
    lsrt_buffer* large = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_buffer_create(stream_, 4096, &large));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_buffer_destroy(large));
    EXPECT_EQ(32, memory().used);
    EXPECT_EQ(4128, memory().reserved);
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_device_trim(device_)) << last_error();
    EXPECT_EQ(32, memory().reserved);
    EXPECT_EQ(ramp(8), read(buffers_[0]));
}

TEST_F(Memory, Trim_WithoutPoolsOrWhileCapturing_DoesNothingOrIsRefused) {
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_));
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, lsrt_device_trim(device_));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));
    lsrt_double_set_memory_pools(0);
    lsrt_device* poolless = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_device_create(driver_, 1, &poolless)) << last_error();
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_device_trim(poolless)) << last_error();
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_device_destroy(poolless));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_device_trim(nullptr));
}

TEST_F(Memory, Copies_BetweenDevices_AreRefused) {
    lsrt_device* other = nullptr;
    lsrt_stream* foreign = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_device_create(driver_, 1, &other));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_create(other, &foreign));
    lsrt_buffer* target = buffer(ramp(4));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_fill(foreign, target, 0, 4, 0));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_destroy(foreign));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_device_destroy(other));
}

}  // namespace
