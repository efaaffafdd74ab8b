#include "engine_fixture.hpp"

// Executions: shapes, addresses, memory, plain and captured runs, and how they fail.

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

TEST_F(Execution, Enqueue_FaultWhileCapturing_IsACaptureFailure) {
    lsrt_execution* ready = ready_execution();
    ASSERT_EQ(LSRT_STATUS_OK, enqueue(ready)) << last_error();
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_)) << last_error();
    ASSERT_EQ(0, lsrt_double_nvinfer_fail("enqueue"));
    EXPECT_EQ(LSRT_STATUS_CAPTURE, enqueue(ready));
    expect_contains(last_error(), "as the test asked for");
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));
    ASSERT_EQ(LSRT_STATUS_OK, enqueue(ready)) << last_error();
    EXPECT_EQ(expected_, read(tensors_["y"]));
}

TEST_F(Execution, Enqueue_SomethingMissing_SaysWhat) {
    lsrt_execution* bare = execution();
    expect_not_ready(bare, "the shape of input 'x' is not set");
    ASSERT_EQ(LSRT_STATUS_OK, set_rows(bare, "x", 2));
    ASSERT_EQ(LSRT_STATUS_OK, set_rows(bare, "bias", 2));
    expect_not_ready(bare, "the address of 'x' is not set");
    for (const char* name : {"x", "bias", "y"}) {
        const uint64_t at = address(buffer(std::vector<float>(8, 1)));
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_execution_set_address(bare, name, at)) << last_error();
    }

    expect_not_ready(bare, "has 0 bytes of activation memory and needs 512");
    lsrt_buffer* small = buffer(std::vector<float>(64));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_execution_set_memory(bare, small, 0, 256)) << last_error();
    expect_not_ready(bare, "has 256 bytes of activation memory and needs 512");
    give_memory(bare);
    EXPECT_EQ(LSRT_STATUS_OK, enqueue(bare)) << last_error();
    EXPECT_EQ(1, counters().engine_enqueues);
}

TEST_F(Execution, Enqueue_Faults_HaveTheirStatus) {
    lsrt_execution* ready = ready_execution();
    ASSERT_EQ(0, lsrt_double_nvinfer_fail("enqueue"));
    EXPECT_EQ(LSRT_STATUS_EXECUTION, enqueue(ready));
    expect_contains(last_error(), "API Usage Error (the run was not enqueued");
    EXPECT_EQ(0, counters().engine_enqueues);
    EXPECT_EQ(LSRT_STATUS_OK, enqueue(ready)) << last_error();

    lsrt_double_lose_device(719);
    EXPECT_EQ(LSRT_STATUS_DEVICE_LOST, enqueue(ready)) << last_error();
}

TEST_F(Execution, Create_Faults_HaveTheirStatus) {
    for (const char* fault : {"create_context", "profile"}) {
        lsrt_execution* none = nullptr;
        ASSERT_EQ(0, lsrt_double_nvinfer_fail(fault));
        EXPECT_EQ(LSRT_STATUS_EXECUTION, lsrt_execution_create(engine_, 0, stream_, &none)) << fault;
        EXPECT_EQ(nullptr, none);
    }

    lsrt_execution* none = nullptr;
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_create(engine_, 1, stream_, &none));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_create(engine_, -1, stream_, &none));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_create(engine_, 0, nullptr, &none));
}

TEST_F(Execution, SetShape_OutsideTheProfile_IsRefusedWithItsBounds) {
    lsrt_execution* bare = execution();
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, set_rows(bare, "x", 5));
    expect_contains(last_error(), "input 'x' cannot be 5x4: profile 0 allows 1x4 to 4x4");
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, set_rows(bare, "x", 0));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, set_rows(bare, "y", 1));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, set_rows(bare, "z", 1));
    const int64_t extents[LSRT_MAX_RANK + 1] = {1};
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_shape(bare, "x", extents, 1));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_shape(bare, "x", extents, LSRT_MAX_RANK + 1));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_shape(bare, "x", nullptr, 2));
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

TEST_F(Execution, SetAddress_Unusable_IsRefused) {
    lsrt_execution* bare = execution();
    const uint64_t at = address(buffer(std::vector<float>(256)));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_address(bare, "x", 0));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_address(bare, "x", at + 4));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_address(bare, "z", at));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_address(bare, nullptr, at));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_execution_set_address(bare, "x", at + 256)) << last_error();
}

TEST_F(Execution, SetMemory_Unusable_IsRefused) {
    lsrt_execution* bare = execution();
    lsrt_buffer* memory = buffer(std::vector<float>(256));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_memory(bare, memory, 0, 1025));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_memory(bare, memory, -256, 256));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_memory(bare, memory, 128, 256));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_memory(bare, nullptr, 0, 256));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_execution_set_memory(bare, memory, 256, 768)) << last_error();
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
