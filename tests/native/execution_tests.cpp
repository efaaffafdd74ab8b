#include "engine_fixture.hpp"

// Executions: shapes, memory, plain and captured runs.

namespace {

class Execution : public EngineTest {
  protected:
    void SetUp() override {
        EngineTest::SetUp();
        ASSERT_EQ(LSRT_STATUS_OK, EngineTest::load(build_plan())) << last_error();
    }

    lsrt_status enqueue(lsrt_execution* execution) { return lsrt_execution_enqueue(execution, stream_); }

    void expect_not_ready(lsrt_execution* execution, const std::string& sentence) {
        EXPECT_EQ(LSRT_STATUS_INVALID_STATE, enqueue(execution));
        expect_contains(last_error(), sentence);
    }

    const std::vector<float> expected_{3, 5, 7, 9, 9, 11, 13, 15};  // 2 x + bias of ready_execution
};

}  // namespace

TEST_F(Execution, Enqueue_Ready_ComputesTheNetwork) {
    lsrt_execution* ready = ready_execution();
    ASSERT_EQ(LSRT_STATUS_OK, enqueue(ready)) << last_error();
    EXPECT_EQ(expected_, read(tensors_["y"]));
    EXPECT_EQ(1, counters().engine_enqueues);
}

TEST_F(Execution, Enqueue_Captured_ReplaysAsPlainRunsDo) {
    lsrt_execution* ready = ready_execution();
    ASSERT_EQ(LSRT_STATUS_OK, enqueue(ready)) << last_error();
    const std::vector<float> plain = read(tensors_["y"]);
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_fill(stream_, tensors_["y"], 0, 32, 0)) << last_error();
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_)) << last_error();
    ASSERT_EQ(LSRT_STATUS_OK, enqueue(ready)) << last_error();
    ASSERT_EQ(LSRT_STATUS_OK, end_capture()) << last_error();
    EXPECT_EQ(std::vector<float>(8), read(tensors_["y"]));  // recorded, not run

    for (const float factor : {1.0F, 3.0F}) {
        const std::vector<float> x{factor, 2 * factor, 3 * factor, 4 * factor, 5, 6, 7, 8};
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_copy_to_device(stream_, x.data(), tensors_["x"], 0, 32));
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_graph_launch(graphs_[0], stream_)) << last_error();
        const std::vector<float> replayed = read(tensors_["y"]);
        ASSERT_EQ(LSRT_STATUS_OK, enqueue(ready)) << last_error();
        EXPECT_EQ(read(tensors_["y"]), replayed);
    }

    EXPECT_EQ(expected_, plain);
    // The recorded run is no enqueue: 1 before, and one beside each launch.
    EXPECT_EQ(3, counters().engine_enqueues);
    EXPECT_EQ(1, counters().captures);
    EXPECT_EQ(2, counters().graph_launches);
    EXPECT_EQ(0, lsrt_double_nvinfer_failed_runs());
}

TEST_F(Execution, Enqueue_CapturedBeforeAPlainRun_IsRefusedAndTheStreamGoesOn) {
    lsrt_execution* ready = ready_execution();
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_)) << last_error();
    EXPECT_EQ(LSRT_STATUS_CAPTURE, enqueue(ready));
    expect_contains(last_error(), "once plainly");
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));
    ASSERT_EQ(LSRT_STATUS_OK, enqueue(ready)) << last_error();
    EXPECT_EQ(expected_, read(tensors_["y"]));
}

TEST_F(Execution, Enqueue_CapturedAfterAChangeOfShape_NeedsAPlainRunAgain) {
    lsrt_execution* ready = ready_execution();
    ASSERT_EQ(LSRT_STATUS_OK, enqueue(ready)) << last_error();
    ASSERT_EQ(LSRT_STATUS_OK, set_rows(ready, "x", 1));
    ASSERT_EQ(LSRT_STATUS_OK, set_rows(ready, "bias", 1));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_)) << last_error();
    EXPECT_EQ(LSRT_STATUS_CAPTURE, enqueue(ready));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));
}

TEST_F(Execution, Enqueue_CapturedAfterAChangeOfAddress_NeedsAPlainRunAgain) {
    lsrt_execution* ready = ready_execution();
    ASSERT_EQ(LSRT_STATUS_OK, enqueue(ready)) << last_error();
    const uint64_t same = address(tensors_["y"]);
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_execution_set_address(ready, "y", same)) << last_error();
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_)) << last_error();
    EXPECT_EQ(LSRT_STATUS_OK, enqueue(ready)) << last_error();
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));

    lsrt_buffer* elsewhere = buffer(std::vector<float>(8));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_execution_set_address(ready, "y", address(elsewhere))) << last_error();
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_)) << last_error();
    EXPECT_EQ(LSRT_STATUS_CAPTURE, enqueue(ready));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));
    ASSERT_EQ(LSRT_STATUS_OK, enqueue(ready)) << last_error();
    EXPECT_EQ(expected_, read(elsewhere));
}

TEST_F(Execution, Shape_OfAnOutput_FollowsFromTheInputs) {
    lsrt_execution* bare = execution();
    int64_t extents[LSRT_MAX_RANK] = {};
    int32_t rank = 0;
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, lsrt_execution_shape(bare, "y", extents, &rank));
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, lsrt_execution_shape(bare, "x", extents, &rank));
    ASSERT_EQ(LSRT_STATUS_OK, set_rows(bare, "x", 3));
    ASSERT_EQ(LSRT_STATUS_OK, set_rows(bare, "bias", 3));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_execution_shape(bare, "y", extents, &rank)) << last_error();
    EXPECT_EQ(2, rank);
    EXPECT_EQ(3, extents[0]);
    EXPECT_EQ(4, extents[1]);
}

TEST_F(Execution, ActivationSize_FollowsTheShapes) {
    lsrt_execution* bare = execution();
    int64_t size = 0;
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, lsrt_execution_activation_size(bare, &size));
    ASSERT_EQ(LSRT_STATUS_OK, set_rows(bare, "x", 1));
    ASSERT_EQ(LSRT_STATUS_OK, set_rows(bare, "bias", 4));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_execution_activation_size(bare, &size)) << last_error();
    EXPECT_EQ(512, size);
}

TEST_F(Execution, TwoExecutions_ShareMemoryAndKeepTheirErrorsApart) {
    lsrt_execution* first = ready_execution();
    lsrt_buffer* y = tensors_["y"];
    lsrt_execution* second = ready_execution();
    lsrt_buffer* shared = buffer(std::vector<float>(128));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_execution_set_memory(first, shared, 0, 512));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_execution_set_memory(second, shared, 0, 512));
    ASSERT_EQ(0, lsrt_double_nvinfer_fail("enqueue"));
    EXPECT_EQ(LSRT_STATUS_EXECUTION, enqueue(first));
    EXPECT_EQ(LSRT_STATUS_OK, enqueue(second)) << last_error();
    EXPECT_EQ(LSRT_STATUS_OK, enqueue(first)) << last_error();
    EXPECT_EQ(expected_, read(y));
    EXPECT_EQ(expected_, read(tensors_["y"]));
}

TEST_F(Execution, Destroy_WhileCapturing_WaitsForItsEnd) {
    lsrt_execution* ready = ready_execution();
    ASSERT_EQ(LSRT_STATUS_OK, enqueue(ready)) << last_error();
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_)) << last_error();
    executions_.clear();
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_execution_destroy(ready));
    EXPECT_LT(0, lsrt_double_nvinfer_live());
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_engine_destroy(engine_));
    engine_ = nullptr;
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));
    EXPECT_EQ(0, lsrt_double_nvinfer_live());
}

TEST_F(Execution, Destroy_Null_IsTaken) {
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_execution_destroy(nullptr));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_engine_destroy(nullptr));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_blob_destroy(nullptr));
}
