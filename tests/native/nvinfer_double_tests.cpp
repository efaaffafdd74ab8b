#include <algorithm>
#include <cstring>

#include "engine_fixture.hpp"

// The double itself, where it runs a model that only the test understands.

namespace {

/// y = -x over [N,4]: what a test would have ONNX Runtime do.
class RegisteredModel : public EngineTest {
  protected:
    void SetUp() override {
        EngineTest::SetUp();
        lsrt_double_set_describe(&RegisteredModel::describe, this);
        lsrt_double_set_infer(&RegisteredModel::infer, this);
        lsrt_double_set_execute(&RegisteredModel::execute, this);
        model_ = write("model.onnx", "anything");
    }

    void TearDown() override {
        lsrt_double_set_describe(nullptr, nullptr);
        lsrt_double_set_infer(nullptr, nullptr);
        lsrt_double_set_execute(nullptr, nullptr);
        EngineTest::TearDown();
    }

    static lsrt_double_tensor tensor(const char* name, int32_t is_input) {
        lsrt_double_tensor tensor{};
        std::strcpy(tensor.name, name);
        tensor.extents[0] = -1;
        tensor.extents[1] = 4;
        tensor.rank = 2;
        tensor.element_type = LSRT_FLOAT;
        tensor.is_input = is_input;
        return tensor;
    }

    static int32_t fail(const lsrt_double_error* error, const std::string& text) {
        std::strncpy(error->text, text.c_str(), static_cast<std::size_t>(error->capacity) - 1);
        return -1;
    }

    static int32_t describe(void* user, const lsrt_double_model* model, lsrt_double_tensor* tensors, int32_t capacity,
                            const lsrt_double_error* error) {
        auto& test = *static_cast<RegisteredModel*>(user);
        EXPECT_EQ(test.model_, model->path);
        EXPECT_EQ("anything",
                  std::string(static_cast<const char*>(model->bytes), static_cast<std::size_t>(model->size)));
        EXPECT_LE(2, capacity);
        tensors[0] = tensor("x", 1);
        tensors[1] = tensor("y", 0);
        return test.fails_describing_ ? fail(error, "not an ONNX file") : 2;
    }

    static int32_t infer(void*, const lsrt_double_model*, lsrt_double_tensor* tensors, int32_t count,
                         const lsrt_double_error*) {
        EXPECT_EQ(2, count);
        tensors[1].extents[0] = tensors[0].extents[0];
        return 0;
    }

    static int32_t execute(void* user, const lsrt_double_model*, const lsrt_double_tensor* tensors,
                           void* const* addresses, int32_t count, const lsrt_double_error* error) {
        EXPECT_EQ(2, count);
        EXPECT_EQ(2, tensors[1].extents[0]);
        const auto* x = static_cast<const float*>(addresses[0]);
        std::transform(x, x + 8, static_cast<float*>(addresses[1]), [](float value) { return -value; });
        return static_cast<RegisteredModel*>(user)->fails_running_ ? fail(error, "a kernel failed") : 0;
    }

    std::string model_;
    bool fails_describing_ = false;
    bool fails_running_ = false;
};

}  // namespace

TEST_F(RegisteredModel, Run_CallsTheTestsFunctions) {
    std::string plan;
    const std::vector<lsrt_profile_shape> shapes{rows("x", 0, 1, 2, 4)};
    ASSERT_EQ(LSRT_STATUS_OK, build(options(model_, shapes), &plan)) << last_error();
    std::filesystem::remove(model_);  // the plan has all of it
    Received received;
    const lsrt_callbacks callbacks = received.callbacks();
    ASSERT_EQ(LSRT_STATUS_OK, load(plan, -1, &callbacks)) << last_error();
    lsrt_execution* ready = execution();
    lsrt_buffer* y = buffer(std::vector<float>(8));
    ASSERT_EQ(LSRT_STATUS_OK, set_rows(ready, "x", 2));
    const uint64_t x = address(buffer({1, 2, 3, 4, 5, 6, 7, 8}));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_execution_set_address(ready, "x", x));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_execution_set_address(ready, "y", address(y)));
    give_memory(ready);
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_execution_enqueue(ready, stream_)) << last_error();
    EXPECT_EQ((std::vector<float>{-1, -2, -3, -4, -5, -6, -7, -8}), read(y));

    fails_running_ = true;
    const int64_t failed = lsrt_double_nvinfer_failed_runs();
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_execution_enqueue(ready, stream_));
    EXPECT_EQ(failed + 1, lsrt_double_nvinfer_failed_runs());
    ASSERT_EQ(1U, received.messages.size());
    expect_contains(received.messages[0], "a kernel failed");
}

TEST_F(RegisteredModel, Build_RefusedByTheTest_IsAParserError) {
    fails_describing_ = true;
    std::string plan;
    EXPECT_EQ(LSRT_STATUS_BUILD, build(options(model_, {}), &plan));
    expect_contains(last_error(), "not an ONNX file");
}

TEST_F(RegisteredModel, Build_WithoutFunctions_IsAParserError) {
    lsrt_double_set_describe(nullptr, nullptr);
    std::string plan;
    EXPECT_EQ(LSRT_STATUS_BUILD, build(options(model_, {}), &plan));
    expect_contains(last_error(), "no function to describe others is registered");
}

TEST_F(RegisteredModel, Fail_UnknownName_IsRefused) {
    EXPECT_EQ(-1, lsrt_double_nvinfer_fail("weather"));
    EXPECT_EQ(0, lsrt_double_nvinfer_fail(nullptr));
}
