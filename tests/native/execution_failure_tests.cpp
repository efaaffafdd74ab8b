#include "engine_fixture.hpp"

// Executions that lack something, are given something unusable, or fail.

namespace {

class ExecutionFailure : public EngineTest {
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

TEST_F(ExecutionFailure, Enqueue_FaultWhileCapturing_IsACaptureFailure) {
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

TEST_F(ExecutionFailure, Enqueue_SomethingMissing_SaysWhat) {
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

TEST_F(ExecutionFailure, Enqueue_Faults_HaveTheirStatus) {
    lsrt_execution* ready = ready_execution();
    ASSERT_EQ(0, lsrt_double_nvinfer_fail("enqueue"));
    EXPECT_EQ(LSRT_STATUS_EXECUTION, enqueue(ready));
    expect_contains(last_error(), "API Usage Error (the run was not enqueued");
    EXPECT_EQ(0, counters().engine_enqueues);
    EXPECT_EQ(LSRT_STATUS_OK, enqueue(ready)) << last_error();

    lsrt_double_lose_device(719);
    EXPECT_EQ(LSRT_STATUS_DEVICE_LOST, enqueue(ready)) << last_error();
}

TEST_F(ExecutionFailure, ActivationSize_TensorRtFails_IsExecutionAndAskedForAgain) {
    lsrt_execution* ready = ready_execution();
    int64_t size = -1;
    ASSERT_EQ(LSRT_STATUS_OK, set_rows(ready, "x", 2));  // the size is not known any more
    ASSERT_EQ(0, lsrt_double_nvinfer_fail("activation_size"));
    EXPECT_EQ(LSRT_STATUS_EXECUTION, lsrt_execution_activation_size(ready, &size));
    expect_contains(last_error(), "the memory was not planned, as the test asked for");
    EXPECT_EQ(-1, size);
    ASSERT_EQ(0, lsrt_double_nvinfer_fail("activation_size"));
    EXPECT_EQ(LSRT_STATUS_EXECUTION, enqueue(ready));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_execution_activation_size(ready, &size)) << last_error();
    EXPECT_EQ(512, size);
    ASSERT_EQ(LSRT_STATUS_OK, enqueue(ready)) << last_error();
    EXPECT_EQ(expected_, read(tensors_["y"]));
}

TEST_F(ExecutionFailure, Create_Faults_HaveTheirStatus) {
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

TEST_F(ExecutionFailure, SetShape_OutsideTheProfile_IsRefusedWithItsBounds) {
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

TEST_F(ExecutionFailure, SetAddress_Unusable_IsRefused) {
    lsrt_execution* bare = execution();
    const uint64_t at = address(buffer(std::vector<float>(256)));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_address(bare, "x", 0));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_address(bare, "x", at + 4));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_address(bare, "z", at));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_address(bare, nullptr, at));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_execution_set_address(bare, "x", at + 256)) << last_error();
}

TEST_F(ExecutionFailure, SetMemory_Unusable_IsRefused) {
    lsrt_execution* bare = execution();
    lsrt_buffer* memory = buffer(std::vector<float>(256));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_memory(bare, memory, 0, 1025));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_memory(bare, memory, -256, 256));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_memory(bare, memory, 128, 256));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_memory(bare, nullptr, 0, 256));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_execution_set_memory(bare, memory, 256, 768)) << last_error();
}

TEST_F(ExecutionFailure, StreamOrMemory_OfAnotherDevice_IsRefused) {
    lsrt_execution* ready = ready_execution();
    lsrt_device* other = nullptr;
    lsrt_stream* stream = nullptr;
    lsrt_buffer* memory = nullptr;
    lsrt_execution* none = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_device_create(driver_, 1, &other)) << last_error();
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_create(other, &stream)) << last_error();
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_buffer_create(stream, 4096, &memory)) << last_error();
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_enqueue(ready, stream));
    expect_contains(last_error(), "another device");
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_set_memory(ready, memory, 0, 4096));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_execution_create(engine_, 0, stream, &none));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_buffer_destroy(memory));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_destroy(stream));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_device_destroy(other));
    EXPECT_EQ(LSRT_STATUS_OK, enqueue(ready)) << last_error();
}
