#include "engine_fixture.hpp"

// Building engines: options, external data, progress, cancellation.

using Build = EngineTest;

TEST_F(Build, Build_Network_GivesAPlanOfThisVersion) {
    const std::string plan = build_plan();
    lsrt_plan_info info{};
    info.struct_size = sizeof info;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_plan_info_get(plan.data(), static_cast<int64_t>(plan.size()), &info));
    lsrt_runtime_info runtime{};
    runtime.struct_size = sizeof runtime;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_runtime_info_get(&runtime));
    EXPECT_EQ(TENSORRT_MAJOR, runtime.tensorrt_major);
    EXPECT_EQ(runtime.tensorrt_version, info.major * 10000 + info.minor * 100 + info.patch);
}

TEST_F(Build, Build_Options_ReachTensorRt) {
    const std::string model = write("model.txt", scale_and_add);
    const std::vector<lsrt_profile_shape> shapes = one_profile();
    lsrt_build_options all =
        options(model, shapes, LSRT_BUILD_REFITTABLE | LSRT_BUILD_WEIGHT_STREAMING | LSRT_BUILD_TF32);
    all.workspace_limit = 123456789;
    all.optimization_level = 4;
    all.auxiliary_streams = 2;
    std::string plan;
    ASSERT_EQ(LSRT_STATUS_OK, build(all, &plan)) << last_error();
    // What the double writes into its plans.
    expect_contains(plan,
                    "refittable 1\nweight-streaming 1\ntf32 1\nauxiliary-streams 2\noptimization-level 4\n"
                    "workspace-limit 123456789\n");
}

TEST_F(Build, Build_WithoutOptions_LeavesTensorRtsDefaultsButForTf32) {
    expect_contains(build_plan(),
                    "refittable 0\nweight-streaming 0\ntf32 0\nauxiliary-streams -1\n"
                    "optimization-level -1\nworkspace-limit -1\n");
}

TEST_F(Build, Build_ExternalData_IsFoundBesideTheModel) {
    write("factor.bin", "2.5");
    const std::string model =
        write("model.txt", "double-network 1\ninput x float 4\noutput y float 4\nnode s scale x y @factor.bin\n");
    std::string plan;
    EXPECT_EQ(LSRT_STATUS_OK, build(options(model, {}), &plan)) << last_error();
    std::filesystem::remove(folder_ / "factor.bin");
    EXPECT_EQ(LSRT_STATUS_BUILD, build(options(model, {}), &plan));
    expect_contains(last_error(), "cannot read external data");
}

TEST_F(Build, Build_Progress_IsToldNested) {
    const std::string model = write("model.txt", scale_and_add);
    const std::vector<lsrt_profile_shape> shapes = one_profile();
    Received received;
    const lsrt_callbacks callbacks = received.callbacks();
    std::string plan;
    ASSERT_EQ(LSRT_STATUS_OK, build(options(model, shapes), &plan, &callbacks)) << last_error();
    const std::vector<std::string> expected{
        "0 Building an engine 0/2", "1 Timing scale:twice 0/1", "1 Timing scale:twice 1/1", "0 Building an engine 1/2",
        "1 Timing add:sum 0/1",     "1 Timing add:sum 1/1",     "0 Building an engine 2/2"};
    EXPECT_EQ(expected, received.steps);
}

TEST_F(Build, Build_CancelledAtAnyStep_EndsAsCancelled) {
    const std::string model = write("model.txt", scale_and_add);
    const std::vector<lsrt_profile_shape> shapes = one_profile();
    for (std::size_t step = 1; step <= 7; ++step) {
        Received received;
        received.cancel_after = step;
        const lsrt_callbacks callbacks = received.callbacks();
        std::string plan;
        EXPECT_EQ(LSRT_STATUS_CANCELLED, build(options(model, shapes), &plan, &callbacks)) << step;
        // Who cancelled is not told of further steps.
        EXPECT_EQ(step, received.steps.size());
    }
}
