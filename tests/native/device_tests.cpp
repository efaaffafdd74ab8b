#include "device_fixture.hpp"

namespace {

using Device = DeviceTest;

TEST_F(Device, Create_NoSuchOrdinal_IsRefused) {
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_device_create(driver_, 2, &device_));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_device_create(driver_, -1, &device_));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_device_create(nullptr, 0, &device_));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_device_create(driver_, 0, nullptr));
    EXPECT_EQ(nullptr, device_);
}

TEST_F(Device, CreateAndDestroy_RetainsAndReleasesThePrimaryContext) {
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_device_create(driver_, 1, &device_));
    EXPECT_EQ(1, lsrt_double_count(LSRT_DOUBLE_CONTEXTS));
    EXPECT_EQ(1, lsrt_double_count(LSRT_DOUBLE_POOLS));
    // The context is current during calls only.
    EXPECT_EQ(0, lsrt_double_count(LSRT_DOUBLE_CURRENT_CONTEXTS));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_device_destroy(device_));
    device_ = nullptr;
    EXPECT_EQ(0, lsrt_double_count(LSRT_DOUBLE_CONTEXTS));
    EXPECT_EQ(0, lsrt_double_count(LSRT_DOUBLE_POOLS));
}

TEST_F(Device, Create_WithoutMemoryPools_FallsBackToPlainMemory) {
    lsrt_double_set_memory_pools(0);
    open();
    buffer(std::vector<float>(100));
    EXPECT_EQ(0, memory().has_memory_pool);
    EXPECT_EQ(400, memory().used);
    EXPECT_EQ(400, memory().reserved);
    EXPECT_EQ(1, lsrt_double_calls("cuMemAlloc_v2"));
    EXPECT_EQ(0, lsrt_double_calls("cuMemAllocFromPoolAsync"));
}

TEST_F(Device, Memory_BuffersComeAndGo_KeepsTheHighWaterMark) {
    open();
    lsrt_buffer* first = nullptr;
    lsrt_buffer* second = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_buffer_create(stream_, 1000, &first));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_buffer_create(stream_, 24, &second));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_buffer_destroy(first));
    lsrt_memory_info info = memory();
    EXPECT_EQ(int64_t{24} << 30, info.total);
    EXPECT_EQ(info.total - 24, info.free);
    EXPECT_EQ(24, info.used);
    EXPECT_EQ(1024, info.used_high);
    EXPECT_EQ(1024, info.reserved);  // the pool keeps what was freed: its release threshold is the maximum
    EXPECT_EQ(1, info.has_memory_pool);
    EXPECT_EQ(0, info.is_lost);
    EXPECT_EQ(1, counters().live_buffers);

    ASSERT_EQ(LSRT_STATUS_OK, lsrt_device_counters_reset(device_));
    EXPECT_EQ(24, memory().used_high);
    EXPECT_EQ(1, counters().live_buffers);
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_buffer_destroy(second));
    EXPECT_EQ(0, memory().used);
}

TEST_F(Device, MemoryAndCounters_StructSizeNotSet_AreRefused) {
    open();
    lsrt_memory_info info{};
    lsrt_device_counters counters{};
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_device_memory(device_, &info));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_device_counters_get(device_, &counters));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_device_memory(nullptr, &info));
}

TEST_F(Device, Destroy_Null_IsTaken) {
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_device_destroy(nullptr));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_destroy(nullptr));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_event_destroy(nullptr));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_buffer_destroy(nullptr));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_pinned_destroy(nullptr));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_module_destroy(nullptr));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_kernel_destroy(nullptr));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_graph_destroy(nullptr));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(nullptr));
}

}  // namespace
