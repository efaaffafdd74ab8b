#include "engine_fixture.hpp"

// Building engines: options, profiles, messages, progress, cancellation, timing caches.

namespace {

class Build : public EngineTest {
  protected:
    /// Builds scale_and_add with those shapes, which must not fit.
    void expect_refused(const std::vector<lsrt_profile_shape>& shapes, const std::string& sentence) {
        const std::string model = write("model.txt", scale_and_add);
        std::string plan;
        EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, build(options(model, shapes), &plan));
        expect_contains(last_error(), sentence);
    }
};

class TimingCache : public EngineTest {
  protected:
    void SetUp() override {
        EngineTest::SetUp();
        model_ = write("model.txt", scale_and_add);
        shapes_ = one_profile();
    }

    /// Builds with that cache, and gives the new one.
    lsrt_status build_with(const std::string& before, std::string* after) {
        lsrt_build_options with = options(model_, shapes_);
        with.timing_cache = before.empty() ? nullptr : before.data();
        with.timing_cache_size = static_cast<int64_t>(before.size());
        std::string plan;
        return build(with, &plan, nullptr, after);
    }

    lsrt_status merge(const std::string& first, const std::string& second, std::string* merged) {
        lsrt_blob* blob = nullptr;
        const lsrt_status status =
            lsrt_timing_cache_merge(tensorrt_, device_, first.data(), static_cast<int64_t>(first.size()), second.data(),
                                    static_cast<int64_t>(second.size()), &blob);
        if (status == LSRT_STATUS_OK) {
            *merged = take(blob);
        }

        return status;
    }

    static std::string replaced(std::string text, const std::string& from, const std::string& to) {
        return text.replace(text.find(from), from.size(), to);
    }

    std::string model_;
    std::vector<lsrt_profile_shape> shapes_;
};

}  // namespace

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

TEST_F(Build, Build_UnknownNode_FailsWithItsName) {
    const std::string model =
        write("model.txt", "double-network 1\ninput x float 4\noutput y float 4\nnode odd tan x y\n");
    std::string plan;
    EXPECT_EQ(LSRT_STATUS_BUILD, build(options(model, {}), &plan));
    expect_contains(last_error(), "cannot read " + model);
    expect_contains(last_error(), "node 0 'odd' (tan): no importer for operator tan");
}

TEST_F(Build, Build_MissingModel_FailsWithItsPath) {
    std::string plan;
    EXPECT_EQ(LSRT_STATUS_BUILD, build(options("/nowhere/model.onnx", {}), &plan));
    expect_contains(last_error(), "/nowhere/model.onnx");
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

TEST_F(Build, Build_ShapesThatDoNotFit_AreRefusedWithTheInput) {
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

TEST_F(Build, Build_WrongOptions_AreRefused) {
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
    expect_invalid([](lsrt_build_options& o) { o.auxiliary_streams = -2; });
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

TEST_F(Build, Build_Failure_HandsTheMessagesOutAndKeepsTheFirst) {
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

TEST_F(Build, Build_Faults_HaveTheirStatus) {
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

TEST_F(Build, Build_WhileAStreamCaptures_IsRefused) {
    const std::string model = write("model.txt", scale_and_add);
    const std::vector<lsrt_profile_shape> shapes = one_profile();
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_)) << last_error();
    std::string plan;
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, build(options(model, shapes), &plan));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));
    EXPECT_EQ(LSRT_STATUS_OK, build(options(model, shapes), &plan)) << last_error();
}

TEST_F(TimingCache, Build_WithTheCacheOfABuild_TimesNothing) {
    std::string first;
    std::string second;
    const int64_t before = lsrt_double_nvinfer_tactics_timed();
    ASSERT_EQ(LSRT_STATUS_OK, build_with("", &first)) << last_error();
    EXPECT_EQ(before + 2, lsrt_double_nvinfer_tactics_timed());
    ASSERT_EQ(LSRT_STATUS_OK, build_with(first, &second)) << last_error();
    EXPECT_EQ(before + 2, lsrt_double_nvinfer_tactics_timed());
    EXPECT_EQ(first, second);
}

TEST_F(TimingCache, Build_ForeignOrDamagedCache_IsRefused) {
    std::string cache;
    std::string after;
    ASSERT_EQ(LSRT_STATUS_OK, build_with("", &cache)) << last_error();
    for (const std::string& wrong : {replaced(cache, "double-device", "another-device"), cache.substr(0, 40),
                                     replaced(cache, "double-timing-cache 1", "double-timing-cache 9")}) {
        EXPECT_EQ(LSRT_STATUS_PLAN, build_with(wrong, &after));
        expect_contains(last_error(), "build again without it");
    }
}

TEST_F(TimingCache, Merge_TwoCaches_HasBothAndTheSecondWins) {
    std::string cache;
    ASSERT_EQ(LSRT_STATUS_OK, build_with("", &cache)) << last_error();
    // Two nodes each, one of them in both, with tactics that tell them apart.
    const std::string header = cache.substr(0, cache.find(" 2\n"));
    const std::string first = header + " 2\nadd:a first\nadd:both first\nend\n";
    const std::string second = header + " 2\nadd:b second\nadd:both second\nend\n";
    std::string merged;
    ASSERT_EQ(LSRT_STATUS_OK, merge(first, second, &merged)) << last_error();
    EXPECT_EQ(header + " 3\nadd:a first\nadd:b second\nadd:both second\nend\n", merged);
}

TEST_F(TimingCache, Merge_ForeignCache_IsRefusedOnEitherSide) {
    std::string cache;
    std::string merged;
    ASSERT_EQ(LSRT_STATUS_OK, build_with("", &cache)) << last_error();
    const std::string foreign = replaced(cache, "double-device", "another-device");
    EXPECT_EQ(LSRT_STATUS_PLAN, merge(cache, foreign, &merged));
    EXPECT_EQ(LSRT_STATUS_PLAN, merge(foreign, cache, &merged));
    EXPECT_EQ(LSRT_STATUS_PLAN, merge(cache, "garbage", &merged));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, merge(cache, "", &merged));
}
