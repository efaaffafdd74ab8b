#include "engine_fixture.hpp"

// Builds that fail: what is refused, and with which status and sentence.

namespace {

class BuildFailure : public EngineTest {
  protected:
    /// Builds scale_and_add with those shapes, which must not fit.
    void expect_refused(const std::vector<lsrt_profile_shape>& shapes, const std::string& sentence) {
        const std::string model = write("model.txt", scale_and_add);
        std::string plan;
        EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, build(options(model, shapes), &plan));
        expect_contains(last_error(), sentence);
    }
};

}  // namespace

TEST_F(BuildFailure, Build_UnknownNode_FailsWithItsName) {
    const std::string model =
        write("model.txt", "double-network 1\ninput x float 4\noutput y float 4\nnode odd tan x y\n");
    std::string plan;
    EXPECT_EQ(LSRT_STATUS_BUILD, build(options(model, {}), &plan));
    expect_contains(last_error(), "cannot read " + model);
    expect_contains(last_error(), "node 0 'odd' (tan): no importer for operator tan");
}

TEST_F(BuildFailure, Build_MissingModel_FailsWithItsPath) {
    std::string plan;
    EXPECT_EQ(LSRT_STATUS_BUILD, build(options("/nowhere/model.onnx", {}), &plan));
    expect_contains(last_error(), "/nowhere/model.onnx");
}

TEST_F(BuildFailure, Build_ShapesThatDoNotFit_AreRefusedWithTheInput) {
    expect_refused({rows("z", 0, 1, 2, 4)}, "profile 0, input 'z': the network has no input of that name");
    expect_refused({{"x", 0, 1, {1}, {2}, {4}}}, "input 'x': the network's rank is 2, not 1");
    expect_refused({rows("x", 0, 3, 2, 4)}, "0 <= min <= opt <= max does not hold for extent 0");
    expect_refused({{"x", 0, 2, {1, 4}, {2, 4}, {4, 5}}}, "extent 1 is fixed at 4 in the network");
    expect_refused({rows("x", 0, 1, 2, 4)}, "profile 0 says nothing about the dynamic input 'bias'");
    expect_refused({}, "profile 0 says nothing about the dynamic input 'x'");
    expect_refused({rows("x", 1, 1, 2, 4), rows("bias", 1, 1, 2, 4)}, "profile 0 says nothing about");
    expect_refused({rows("x", -1, 1, 2, 4)}, "a profile's number");
    expect_refused({rows(nullptr, 0, 1, 2, 4)}, "input is null");
}

TEST_F(BuildFailure, Build_WrongOptions_AreRefused) {
    const std::string model = write("model.txt", scale_and_add);
    const std::vector<lsrt_profile_shape> shapes = one_profile();
    const auto expect_invalid = [&](auto change) {
        lsrt_build_options wrong = options(model, shapes);
        change(wrong);
        std::string plan;
        EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, build(wrong, &plan));
    };
    expect_invalid([](lsrt_build_options& o) { o.struct_size = 8; });
    expect_invalid([](lsrt_build_options& o) { o.model_path = nullptr; });
    expect_invalid([](lsrt_build_options& o) { o.shapes = nullptr; });
    expect_invalid([](lsrt_build_options& o) { o.optimization_level = 6; });
    expect_invalid([](lsrt_build_options& o) { o.flags = 8; });
    expect_invalid([](lsrt_build_options& o) { o.workspace_limit = -1; });
    expect_invalid([](lsrt_build_options& o) { o.timing_cache_size = -1; });
    expect_invalid([](lsrt_build_options& o) { o.timing_cache_size = 1; });
    expect_contains(last_error(), "timing_cache is null");
    expect_invalid([](lsrt_build_options& o) { o.reserved = 1; });
    expect_invalid([](lsrt_build_options& o) { o.auxiliary_streams = -2; });
}

TEST_F(BuildFailure, Build_Failure_HandsTheMessagesOutAndKeepsTheFirst) {
    const std::string model = write("model.txt", scale_and_add);
    const std::vector<lsrt_profile_shape> shapes = one_profile();
    Received received;
    const lsrt_callbacks callbacks = received.callbacks();
    ASSERT_EQ(0, lsrt_double_nvinfer_fail("build"));
    std::string plan;
    EXPECT_EQ(LSRT_STATUS_BUILD, build(options(model, shapes), &plan, &callbacks));
    expect_contains(last_error(), "cannot build an engine of " + model + ": Could not find any implementation");
    ASSERT_EQ(1U, received.messages.size());
    expect_contains(received.messages[0], "1 Could not find any implementation");
}

TEST_F(BuildFailure, Build_Faults_HaveTheirStatus) {
    const std::string model = write("model.txt", scale_and_add);
    const std::vector<lsrt_profile_shape> shapes = one_profile();
    const std::map<std::string, lsrt_status> statuses{{"create_builder", LSRT_STATUS_LIBRARY_UNUSABLE},
                                                      {"create_network", LSRT_STATUS_BUILD},
                                                      {"build", LSRT_STATUS_BUILD},
                                                      {"out_of_memory", LSRT_STATUS_DEVICE_OUT_OF_MEMORY}};
    for (const auto& [fault, status] : statuses) {
        ASSERT_EQ(0, lsrt_double_nvinfer_fail(fault.c_str()));
        std::string plan;
        EXPECT_EQ(status, build(options(model, shapes), &plan)) << fault << ": " << last_error();
        EXPECT_EQ(0, lsrt_double_nvinfer_live()) << fault;
    }
}

TEST_F(BuildFailure, Build_WhileAStreamCaptures_IsRefused) {
    const std::string model = write("model.txt", scale_and_add);
    const std::vector<lsrt_profile_shape> shapes = one_profile();
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_)) << last_error();
    std::string plan;
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, build(options(model, shapes), &plan));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));
    EXPECT_EQ(LSRT_STATUS_OK, build(options(model, shapes), &plan)) << last_error();
}
