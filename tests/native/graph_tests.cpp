#include <thread>

#include "device_fixture.hpp"

namespace {

class Graphs : public DeviceTest {
  protected:
    void SetUp() override {
        DeviceTest::SetUp();
        open();
        load();
        x_ = buffer({1, 2, 3, 4});
        y_ = buffer({0, 0, 0, 0});
    }

    /// A sequence of all that can be recorded: y = 3 * x, three launches, with a copy, a fill and a host function.
    void enqueue_sequence() {
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_fill(stream_, y_, 0, 16, 0)) << last_error();
        ASSERT_EQ(LSRT_STATUS_OK, launch(stream_, y_, x_, 1.0F, 4)) << last_error();
        ASSERT_EQ(LSRT_STATUS_OK, launch(stream_, y_, x_, 2.0F, 4)) << last_error();
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_copy_on_device(stream_, y_, 0, x_, 0, 4)) << last_error();
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_host_function(stream_, count, &host_calls_)) << last_error();
    }

    static void count(void* user) { ++*static_cast<int*>(user); }

    lsrt_buffer* x_ = nullptr;
    lsrt_buffer* y_ = nullptr;
    int host_calls_ = 0;
};

TEST_F(Graphs, Replay_AgainstPlainEnqueue_GivesIdenticalResults) {
    constexpr int runs = 5;
    for (int i = 0; i < runs; ++i) {
        enqueue_sequence();
    }

    const std::vector<float> expected_x = read(x_);
    const std::vector<float> expected_y = read(y_);
    EXPECT_EQ(243.0F, expected_x[0]);  // 3 to the 5th: each run builds on the one before
    EXPECT_EQ(runs, host_calls_);

    const float start[] = {1, 2, 3, 4};
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_copy_to_device(stream_, start, x_, 0, sizeof start));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_device_counters_reset(device_));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_));
    enqueue_sequence();
    ASSERT_EQ(LSRT_STATUS_OK, end_capture()) << last_error();
    EXPECT_EQ((std::vector<float>{1, 2, 3, 4}), read(x_));  // recorded, not run
    for (int i = 0; i < runs; ++i) {
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_graph_launch(graphs_[0], stream_)) << last_error();
    }

    EXPECT_EQ(expected_x, read(x_));
    EXPECT_EQ(expected_y, read(y_));
    EXPECT_EQ(2 * runs, host_calls_);
    int64_t nodes = 0;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_graph_node_count(graphs_[0], &nodes));
    EXPECT_EQ(5, nodes);
    EXPECT_EQ(1, counters().captures);
    EXPECT_EQ(runs, counters().graph_launches);
    EXPECT_EQ(0, counters().kernel_launches);
    EXPECT_EQ(0, counters().copies_on_device);
    EXPECT_EQ(4 * runs, lsrt_double_launches("multiply_add"));
}

TEST_F(Graphs, Replay_ParametersChangedAfterCapture_UsesWhatWasCaptured) {
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_));
    ASSERT_EQ(LSRT_STATUS_OK, launch(stream_, y_, x_, 2.0F, 4));
    ASSERT_EQ(LSRT_STATUS_OK, end_capture());
    ASSERT_EQ(LSRT_STATUS_OK, launch(stream_, y_, x_, 100.0F, 4));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_fill(stream_, y_, 0, 16, 0));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_graph_launch(graphs_[0], stream_));
    EXPECT_EQ((std::vector<float>{2, 4, 6, 8}), read(y_));
}

TEST_F(Graphs, Capture_TwoStreamsForkedAndJoined_RecordsBoth) {
    lsrt_stream* side = nullptr;
    lsrt_event* fork = nullptr;
    lsrt_event* join = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_create(device_, &side));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_create(device_, 0, &fork));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_create(device_, 0, &join));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_record(fork, stream_));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_wait_event(side, fork));
    ASSERT_EQ(LSRT_STATUS_OK, launch(side, y_, x_, 2.0F, 4));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_record(join, side));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_wait_event(stream_, join));
    ASSERT_EQ(LSRT_STATUS_OK, end_capture()) << last_error();
    // A launch on the stream that joined was recorded too, so it counts as little as one on the capturing stream.
    EXPECT_EQ(0, counters().kernel_launches);
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_graph_launch(graphs_[0], stream_));
    EXPECT_EQ((std::vector<float>{2, 4, 6, 8}), read(y_));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_event_destroy(fork));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_event_destroy(join));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_destroy(side));
}

TEST_F(Graphs, EndCapture_WorkNotJoinedBack_IsCaptureAndTheStreamsRunAgain) {
    lsrt_stream* side = nullptr;
    lsrt_event* fork = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_create(device_, &side));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_create(device_, 0, &fork));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_record(fork, stream_));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_wait_event(side, fork));
    ASSERT_EQ(LSRT_STATUS_OK, launch(side, y_, x_, 2.0F, 4));
    EXPECT_EQ(LSRT_STATUS_CAPTURE, end_capture());
    expect_contains(last_error(), "UNJOINED");
    ASSERT_EQ(LSRT_STATUS_OK, launch(side, y_, x_, 3.0F, 4));
    EXPECT_EQ((std::vector<float>{3, 6, 9, 12}), read(y_));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_event_destroy(fork));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_destroy(side));
}

TEST_F(Graphs, Capture_AnythingAllocatedOrLoaded_IsRefusedAndTheCaptureGoesOn) {
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_));
    lsrt_buffer* buffer = nullptr;
    lsrt_pinned* pinned = nullptr;
    lsrt_module* module = nullptr;
    lsrt_kernel* kernel = nullptr;
    lsrt_stream* stream = nullptr;
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, lsrt_buffer_create(stream_, 16, &buffer));
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, lsrt_pinned_create(device_, 16, &pinned));
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, lsrt_module_create(device_, multiply_add_ptx, 10, &module));
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, lsrt_kernel_create(module_, "multiply_add", &kernel));
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, lsrt_stream_create(device_, &stream));
    ASSERT_EQ(LSRT_STATUS_OK, launch(stream_, y_, x_, 2.0F, 4));
    EXPECT_EQ(LSRT_STATUS_OK, end_capture()) << last_error();
}

TEST_F(Graphs, Capture_ObjectsDestroyedMeanwhile_AreFreedAtItsEnd) {
    lsrt_buffer* buffer = nullptr;
    lsrt_pinned* pinned = nullptr;
    lsrt_stream* side = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_create(device_, &side));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_buffer_create(side, 16, &buffer));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_pinned_create(device_, 16, &pinned));
    const int64_t allocations = lsrt_double_count(LSRT_DOUBLE_ALLOCATIONS);
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_buffer_destroy(buffer));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_pinned_destroy(pinned));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_destroy(side));
    EXPECT_EQ(allocations, lsrt_double_count(LSRT_DOUBLE_ALLOCATIONS));
    EXPECT_EQ(1, lsrt_double_count(LSRT_DOUBLE_PINNED));
    EXPECT_EQ(2, lsrt_double_count(LSRT_DOUBLE_STREAMS));
    ASSERT_EQ(LSRT_STATUS_OK, launch(stream_, y_, x_, 2.0F, 4));
    ASSERT_EQ(LSRT_STATUS_OK, end_capture()) << last_error();
    EXPECT_EQ(allocations - 1, lsrt_double_count(LSRT_DOUBLE_ALLOCATIONS));
    EXPECT_EQ(0, lsrt_double_count(LSRT_DOUBLE_PINNED));
    EXPECT_EQ(1, lsrt_double_count(LSRT_DOUBLE_STREAMS));
}

TEST_F(Graphs, BeginAndEnd_OutOfOrder_AreInvalidState) {
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, end_capture());
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_));
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, lsrt_stream_begin_capture(stream_));
    lsrt_status elsewhere = LSRT_STATUS_OK;
    std::thread([&] {
        lsrt_graph* graph = nullptr;
        elsewhere = lsrt_stream_end_capture(stream_, &graph);
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));  // not this thread's to abort
    }).join();
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, elsewhere);
    EXPECT_EQ(LSRT_STATUS_OK, end_capture());
}

TEST_F(Graphs, EndCapture_NoPlaceForTheGraph_EndsTheCapture) {
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_stream_end_capture(stream_, nullptr));
    EXPECT_EQ(0, lsrt_double_count(LSRT_DOUBLE_CAPTURES));
    buffer({1});
}

TEST_F(Graphs, AbortCapture_UnderWayOrNot_LeavesAUsableStream) {
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_));
    ASSERT_EQ(LSRT_STATUS_OK, launch(stream_, y_, x_, 2.0F, 4));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));
    EXPECT_EQ(0, lsrt_double_count(LSRT_DOUBLE_CAPTURES));
    EXPECT_EQ(0, lsrt_double_count(LSRT_DOUBLE_GRAPHS));
    EXPECT_EQ((std::vector<float>{0, 0, 0, 0}), read(y_));
    EXPECT_EQ(0, counters().captures);
}

TEST_F(Graphs, StreamDestroy_WhileCapturing_EndsTheCapture) {
    lsrt_stream* stream = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_create(device_, &stream));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream));
    ASSERT_EQ(LSRT_STATUS_OK, launch(stream, y_, x_, 2.0F, 4));
    // From another thread too, which cannot end the capture as such: objects may be finalized anywhere.
    std::thread([&] { EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_destroy(stream)); }).join();
    EXPECT_EQ(0, lsrt_double_count(LSRT_DOUBLE_CAPTURES));
    buffer({1});
}

TEST_F(Graphs, Capture_Synchronized_IsInvalidatedAndTheStreamRunsAgain) {
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_));
    EXPECT_EQ(LSRT_STATUS_CAPTURE, lsrt_stream_synchronize(stream_));
    EXPECT_EQ(LSRT_STATUS_CAPTURE, launch(stream_, y_, x_, 2.0F, 4));
    EXPECT_EQ(LSRT_STATUS_CAPTURE, end_capture());
    expect_contains(last_error(), "INVALIDATED");
    ASSERT_EQ(LSRT_STATUS_OK, launch(stream_, y_, x_, 2.0F, 4));
    EXPECT_EQ((std::vector<float>{2, 4, 6, 8}), read(y_));
    lsrt_double_reset();  // the wait was a misuse on purpose
}

}  // namespace
