#include "device_fixture.hpp"

namespace {

class Streams : public DeviceTest {
  protected:
    void SetUp() override {
        DeviceTest::SetUp();
        open();
    }
};

void count(void* user) { ++*static_cast<int*>(user); }

TEST_F(Streams, Handle_IsTheDriversStream) {
    void* handle = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_handle(stream_, &handle));
    EXPECT_NE(nullptr, handle);
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_stream_handle(stream_, nullptr));
}

TEST_F(Streams, Destroy_WaitsForItsWorkFirst) {
    lsrt_stream* stream = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_create(device_, &stream));
    const int64_t waits = lsrt_double_calls("cuStreamSynchronize");
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_destroy(stream));
    EXPECT_EQ(waits + 1, lsrt_double_calls("cuStreamSynchronize"));
}

TEST_F(Streams, HostFunction_Enqueued_IsCalledWithItsArgument) {
    int calls = 0;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_host_function(stream_, count, &calls));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_synchronize(stream_));
    EXPECT_EQ(1, calls);
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_stream_host_function(stream_, nullptr, &calls));
}

TEST_F(Streams, Event_NotRecorded_IsDoneButHasNoTime) {
    lsrt_event* first = nullptr;
    lsrt_event* second = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_create(device_, 1, &first));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_create(device_, 1, &second));
    int32_t is_done = 0;
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_event_query(first, &is_done));
    EXPECT_EQ(1, is_done);
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_event_synchronize(first));
    float milliseconds = -1;
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, lsrt_event_elapsed(first, second, &milliseconds));
    EXPECT_EQ(-1.0F, milliseconds);
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_event_destroy(first));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_event_destroy(second));
}

TEST_F(Streams, Event_NotReached_SaysSoWithoutFailing) {
    lsrt_event* event = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_create(device_, 1, &event));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_record(event, stream_));
    ASSERT_EQ(0, lsrt_double_fail("cuEventQuery", 1, 600));
    int32_t is_done = 1;
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_event_query(event, &is_done));
    EXPECT_EQ(0, is_done);
    ASSERT_EQ(0, lsrt_double_fail("cuEventElapsedTime", 1, 600));
    float milliseconds = 0;
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, lsrt_event_elapsed(event, event, &milliseconds));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_event_destroy(event));
}

TEST_F(Streams, Elapsed_BetweenTimingEvents_CountsFromStartToEnd) {
    lsrt_event* start = nullptr;
    lsrt_event* end = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_create(device_, 1, &start));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_create(device_, 1, &end));
    lsrt_buffer* target = buffer({1, 2});
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_record(start, stream_));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_fill(stream_, target, 0, 8, 1));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_fill(stream_, target, 0, 8, 2));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_record(end, stream_));
    float milliseconds = 0;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_elapsed(start, end, &milliseconds));
    EXPECT_FLOAT_EQ(2e-3F, milliseconds);  // the double's clock: a microsecond an operation
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_elapsed(end, start, &milliseconds));
    EXPECT_FLOAT_EQ(-2e-3F, milliseconds);
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_event_destroy(start));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_event_destroy(end));
}

TEST_F(Streams, Elapsed_EventsWithoutTiming_IsRefused) {
    lsrt_event* event = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_create(device_, 0, &event));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_record(event, stream_));
    float milliseconds = 0;
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, lsrt_event_elapsed(event, event, &milliseconds));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_event_destroy(event));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_event_create(device_, 2, &event));
}

TEST_F(Streams, WaitEvent_HandsTheDriverStreamAndEvent) {
    lsrt_stream* copies = nullptr;
    lsrt_event* uploaded = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_create(device_, &copies));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_create(device_, 0, &uploaded));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_record(uploaded, copies));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_wait_event(stream_, uploaded));
    EXPECT_EQ(1, lsrt_double_calls("cuStreamWaitEvent"));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_event_destroy(uploaded));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_destroy(copies));
}

}  // namespace
