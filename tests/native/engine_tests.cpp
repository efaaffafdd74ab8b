#include <malloc.h>

#include "engine_fixture.hpp"

// Deserialised engines: what they are, what is refused, refitting, weight streaming.

namespace {

class Engine : public EngineTest {
  protected:
    lsrt_engine_info info() {
        lsrt_engine_info info{};
        info.struct_size = sizeof info;
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_engine_info_get(engine_, &info)) << last_error();
        return info;
    }

    lsrt_engine_tensor tensor(int32_t index) {
        lsrt_engine_tensor tensor{};
        tensor.struct_size = sizeof tensor;
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_engine_tensor_get(engine_, index, &tensor)) << last_error();
        return tensor;
    }

    lsrt_status profile_shape(const char* input, int32_t profile, std::vector<int64_t>* first_extents) {
        int64_t min[LSRT_MAX_RANK];
        int64_t opt[LSRT_MAX_RANK];
        int64_t max[LSRT_MAX_RANK];
        int32_t rank = 0;
        const lsrt_status status = lsrt_engine_profile_shape(engine_, input, profile, min, opt, max, &rank);
        if (status == LSRT_STATUS_OK) {
            EXPECT_EQ(2, rank);
            *first_extents = {min[0], opt[0], max[0]};
        }

        return status;
    }

    /// y of ready_execution after one more run.
    std::vector<float> run(lsrt_execution* execution) {
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_execution_enqueue(execution, stream_)) << last_error();
        return read(tensors_["y"]);
    }
};

}  // namespace

TEST_F(Engine, Info_TwoProfiles_AreDescribed) {
    const std::string model = write("model.txt", scale_and_add);
    const std::vector<lsrt_profile_shape> shapes{rows("x", 0, 1, 2, 4), rows("bias", 0, 1, 2, 4),
                                                 rows("x", 1, 8, 8, 64), rows("bias", 1, 8, 16, 64)};
    std::string plan;
    ASSERT_EQ(LSRT_STATUS_OK, build(options(model, shapes), &plan)) << last_error();
    ASSERT_EQ(LSRT_STATUS_OK, load(plan)) << last_error();
    EXPECT_EQ(3, info().tensor_count);
    EXPECT_EQ(2, info().profile_count);
    EXPECT_EQ(2, info().layer_count);
    EXPECT_EQ(0, info().is_refittable);
    EXPECT_EQ(0, info().weights_size);
    // Two inputs of 64 x 4 floats: the larger profile counts.
    EXPECT_EQ(2 * 64 * 4 * 4, info().activation_size);

    EXPECT_STREQ("x", tensor(0).name);
    EXPECT_EQ(1, tensor(0).is_input);
    EXPECT_EQ(LSRT_FLOAT, tensor(0).element_type);
    EXPECT_EQ(2, tensor(0).rank);
    EXPECT_EQ(-1, tensor(0).extents[0]);
    EXPECT_EQ(4, tensor(0).extents[1]);
    EXPECT_STREQ("y", tensor(2).name);
    EXPECT_EQ(0, tensor(2).is_input);

    std::vector<int64_t> extents;
    ASSERT_EQ(LSRT_STATUS_OK, profile_shape("bias", 1, &extents)) << last_error();
    EXPECT_EQ((std::vector<int64_t>{8, 16, 64}), extents);
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, profile_shape("bias", 2, &extents));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, profile_shape("y", 0, &extents));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, profile_shape("z", 0, &extents));
    lsrt_engine_tensor none{};
    none.struct_size = sizeof none;
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_engine_tensor_get(engine_, 3, &none));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_engine_tensor_get(engine_, -1, &none));
}

TEST_F(Engine, Info_ElementTypes_AreOnnxNumbers) {
    const std::map<std::string, int32_t> types{
        {"float", LSRT_FLOAT},     {"uint8", LSRT_UINT8},       {"int8", LSRT_INT8},
        {"int32", LSRT_INT32},     {"int64", LSRT_INT64},       {"bool", LSRT_BOOL},
        {"float16", LSRT_FLOAT16}, {"bfloat16", LSRT_BFLOAT16}, {"float8", LSRT_FLOAT8E4M3FN}};
    std::string text = "double-network 1\n";
    for (const auto& [name, number] : types) {
        text += "input " + name + " " + name + " 4\n";
    }

    const std::string model = write("model.txt", text);
    std::string plan;
    ASSERT_EQ(LSRT_STATUS_OK, build(options(model, {}), &plan)) << last_error();
    ASSERT_EQ(LSRT_STATUS_OK, load(plan)) << last_error();
    for (int32_t i = 0; i < info().tensor_count; ++i) {
        EXPECT_EQ(types.at(tensor(i).name), tensor(i).element_type) << tensor(i).name;
    }
}

TEST_F(Engine, Budget_OfAStreamingEngine_IsTaken) {
    const std::string plan = build_plan(LSRT_BUILD_WEIGHT_STREAMING);
    ASSERT_EQ(LSRT_STATUS_OK, load(plan, 0)) << last_error();
    EXPECT_EQ(4, info().weights_size);
    lsrt_execution* ready = ready_execution();
    EXPECT_EQ((std::vector<float>{3, 5, 7, 9, 9, 11, 13, 15}), run(ready));
    // What comes over the bus in each run cannot be part of a graph.
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_)) << last_error();
    EXPECT_EQ(LSRT_STATUS_CAPTURE, lsrt_execution_enqueue(ready, stream_));
    expect_contains(last_error(), "streams its weights");
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));
}

TEST_F(Engine, Budget_OfAnEngineThatCannotStream_IsUnsupported) {
    EXPECT_EQ(LSRT_STATUS_UNSUPPORTED, load(build_plan(), 0));
    expect_contains(last_error(), "engines build --weight-streaming");
    EXPECT_EQ(0, lsrt_double_nvinfer_live());
}

TEST_F(Engine, Log_UntilDestroyed_ReceivesWhatTensorRtSays) {
    Received received;
    const lsrt_callbacks callbacks = received.callbacks();
    const std::string plan = build_plan();
    lsrt_double_nvinfer_say(2, "an old plan");
    ASSERT_EQ(LSRT_STATUS_OK, load(plan, -1, &callbacks)) << last_error();
    EXPECT_EQ(std::vector<std::string>{"2 an old plan"}, received.messages);
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_engine_destroy(engine_));
    engine_ = nullptr;
    EXPECT_EQ(1U, received.messages.size());
}

TEST_F(Engine, Log_DestroyedWhileCapturing_IsNotCalledAtTheCapturesEnd) {
    std::vector<std::string> messages;
    {
        Received received;
        const lsrt_callbacks callbacks = received.callbacks();
        ASSERT_EQ(LSRT_STATUS_OK, load(build_plan(), -1, &callbacks)) << last_error();
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_)) << last_error();
        lsrt_double_nvinfer_say(2, "gone");
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_engine_destroy(engine_));
        engine_ = nullptr;
        EXPECT_LT(0, lsrt_double_nvinfer_live());
        messages = received.messages;
    }

    // The receiver is no more: AddressSanitizer would see a call of it.
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));
    EXPECT_EQ(0, lsrt_double_nvinfer_live());
    EXPECT_TRUE(messages.empty());
}

TEST_F(Engine, Refit_SameGraph_ChangesWhatRunsAndWhatWasCaptured) {
    ASSERT_EQ(LSRT_STATUS_OK, load(build_plan(LSRT_BUILD_REFITTABLE))) << last_error();
    EXPECT_EQ(1, info().is_refittable);
    lsrt_execution* ready = ready_execution();
    EXPECT_EQ((std::vector<float>{3, 5, 7, 9, 9, 11, 13, 15}), run(ready));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_)) << last_error();
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_execution_enqueue(ready, stream_)) << last_error();
    ASSERT_EQ(LSRT_STATUS_OK, end_capture()) << last_error();

    std::string tenfold = scale_and_add;
    tenfold.replace(tenfold.find("x t 2"), 5, "x t 10");
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_engine_refit(engine_, write("tenfold.txt", tenfold).c_str())) << last_error();
    const std::vector<float> expected{11, 21, 31, 41, 49, 59, 69, 79};
    EXPECT_EQ(expected, run(ready));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_fill(stream_, tensors_["y"], 0, 32, 0));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_graph_launch(graphs_[0], stream_)) << last_error();
    EXPECT_EQ(expected, read(tensors_["y"]));
}

TEST_F(Engine, Refit_OtherGraph_FailsWithAWeightAndChangesNothing) {
    ASSERT_EQ(LSRT_STATUS_OK, load(build_plan(LSRT_BUILD_REFITTABLE))) << last_error();
    lsrt_execution* ready = ready_execution();
    const std::string other =
        write("other.txt", "double-network 1\ninput x float 4\noutput y float 4\nnode c copy x y\n");
    EXPECT_EQ(LSRT_STATUS_EXECUTION, lsrt_engine_refit(engine_, other.c_str()));
    expect_contains(last_error(), "1 of the engine's weights are missing from it, 'twice.factor' among them");
    EXPECT_EQ(LSRT_STATUS_EXECUTION, lsrt_engine_refit(engine_, "/nowhere/model.onnx"));
    expect_contains(last_error(), "/nowhere/model.onnx");
    ASSERT_EQ(0, lsrt_double_nvinfer_fail("refit"));
    EXPECT_EQ(LSRT_STATUS_EXECUTION, lsrt_engine_refit(engine_, (folder_ / "model.txt").c_str()));
    EXPECT_EQ((std::vector<float>{3, 5, 7, 9, 9, 11, 13, 15}), run(ready));
}

TEST_F(Engine, Refit_EngineThatIsNotRefittable_IsUnsupported) {
    ASSERT_EQ(LSRT_STATUS_OK, load(build_plan())) << last_error();
    EXPECT_EQ(LSRT_STATUS_UNSUPPORTED, lsrt_engine_refit(engine_, (folder_ / "model.txt").c_str()));
    expect_contains(last_error(), "engines build --refittable");
}

TEST_F(Engine, Serialize_AfterARefit_HoldsTheNewWeights) {
    ASSERT_EQ(LSRT_STATUS_OK, load(build_plan(LSRT_BUILD_REFITTABLE))) << last_error();
    std::string tenfold = scale_and_add;
    tenfold.replace(tenfold.find("x t 2"), 5, "x t 10");
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_engine_refit(engine_, write("tenfold.txt", tenfold).c_str())) << last_error();
    lsrt_blob* blob = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_engine_serialize(engine_, &blob)) << last_error();
    const void* data = nullptr;
    std::int64_t size = 0;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_blob_data(blob, &data, &size));
    const std::string plan(static_cast<const char*>(data), static_cast<std::size_t>(size));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_blob_destroy(blob));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_engine_destroy(engine_));
    ASSERT_EQ(LSRT_STATUS_OK, load(plan)) << last_error();
    EXPECT_EQ((std::vector<float>{11, 21, 31, 41, 49, 59, 69, 79}), run(ready_execution()));
}

TEST_F(Engine, Serialize_EngineThatIsNotRefittable_IsUnsupported) {
    ASSERT_EQ(LSRT_STATUS_OK, load(build_plan())) << last_error();
    lsrt_blob* blob = nullptr;
    EXPECT_EQ(LSRT_STATUS_UNSUPPORTED, lsrt_engine_serialize(engine_, &blob));
    EXPECT_EQ(nullptr, blob);
}

TEST_F(Engine, Cycles_CreateRunDestroy_LeaveNothing) {
    const std::string plan = build_plan();
    std::size_t used_before = 0;
    for (int i = 0; i < 1000; ++i) {
        ASSERT_EQ(LSRT_STATUS_OK, load(plan)) << last_error();
        lsrt_execution* ready = ready_execution();
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_execution_enqueue(ready, stream_)) << last_error();
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_execution_destroy(ready));
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_engine_destroy(engine_));
        for (lsrt_buffer* used : buffers_) {
            ASSERT_EQ(LSRT_STATUS_OK, lsrt_buffer_destroy(used));
        }

        executions_.clear();
        buffers_.clear();
        engine_ = nullptr;
        ASSERT_EQ(0, lsrt_double_nvinfer_live());
        if (i == 99) {
            used_before = mallinfo2().uordblks;
        }
    }

    // 900 cycles: one lost allocation a cycle, of malloc's least 32 bytes, would make 28,800.
    EXPECT_LT(mallinfo2().uordblks, used_before + 16384);
}
