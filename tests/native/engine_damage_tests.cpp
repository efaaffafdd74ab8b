#include <random>

#include "engine_fixture.hpp"

// Plans that are foreign, truncated or damaged, and engines that cannot be created.

using EngineDamage = EngineTest;

TEST_F(EngineDamage, Create_PlanOfAnotherVersion_IsRefusedBeforeTensorRtSeesIt) {
    const std::string plan = build_plan();
    for (const std::size_t byte : {24U, 25U, 26U}) {
        std::string foreign = plan;
        foreign[byte] = static_cast<char>(foreign[byte] + 1);
        Received received;
        const lsrt_callbacks callbacks = received.callbacks();
        EXPECT_EQ(LSRT_STATUS_PLAN, load(foreign, -1, &callbacks));
        expect_contains(last_error(), "the plan was written by TensorRT ");
        expect_contains(last_error(), "build the engine again");
        EXPECT_TRUE(received.messages.empty());
    }
}

TEST_F(EngineDamage, Create_TruncatedPlan_IsRefused) {
    const std::string plan = build_plan();
    for (std::size_t length = 0; length < plan.size(); length += 7) {
        EXPECT_EQ(LSRT_STATUS_PLAN, load(plan.substr(0, length))) << length;
    }
}

// With the double, whose plans have a checksum, every one is refused; TensorRT's own have none that is known, which is
// why an engine file is verified before a plan comes here. What counts is that none is fatal.
TEST_F(EngineDamage, Create_RandomByteFlips_AreRefused) {
    const std::string plan = build_plan();
    std::mt19937 random(6);
    for (int i = 0; i < 200; ++i) {
        std::string damaged = plan;
        const std::size_t at = random() % damaged.size();
        damaged[at] = static_cast<char>(damaged[at] ^ static_cast<char>(1 + random() % 255));
        const lsrt_status status = load(damaged);
        // Nothing compares the build number, byte 27, but the checksum covers it.
        EXPECT_EQ(LSRT_STATUS_PLAN, status) << at;
        EXPECT_EQ(0, lsrt_double_nvinfer_live()) << at;
    }
}

TEST_F(EngineDamage, Create_Faults_HaveTheirStatus) {
    const std::string plan = build_plan(LSRT_BUILD_WEIGHT_STREAMING);
    const std::map<std::string, lsrt_status> statuses{{"create_runtime", LSRT_STATUS_LIBRARY_UNUSABLE},
                                                      {"deserialize", LSRT_STATUS_PLAN},
                                                      {"budget", LSRT_STATUS_DEVICE_OUT_OF_MEMORY}};
    for (const auto& [fault, status] : statuses) {
        ASSERT_EQ(0, lsrt_double_nvinfer_fail(fault.c_str()));
        EXPECT_EQ(status, load(plan)) << fault << ": " << last_error();
        EXPECT_EQ(nullptr, engine_);
        EXPECT_EQ(0, lsrt_double_nvinfer_live()) << fault;
    }
}

TEST_F(EngineDamage, Create_WrongArguments_AreRefused) {
    const std::string plan = build_plan();
    const auto size = static_cast<int64_t>(plan.size());
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT,
              lsrt_engine_create(nullptr, device_, plan.data(), size, nullptr, nullptr, &engine_));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT,
              lsrt_engine_create(tensorrt_, nullptr, plan.data(), size, nullptr, nullptr, &engine_));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT,
              lsrt_engine_create(tensorrt_, device_, nullptr, size, nullptr, nullptr, &engine_));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT,
              lsrt_engine_create(tensorrt_, device_, plan.data(), size, nullptr, nullptr, nullptr));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, load(plan, -2));
    for (const int64_t too_small : {0, 8, 15}) {
        lsrt_engine_options options{};
        options.struct_size = too_small;
        EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT,
                  lsrt_engine_create(tensorrt_, device_, plan.data(), size, &options, nullptr, &engine_));
        expect_contains(last_error(), "struct_size is not set");
    }

    EXPECT_EQ(LSRT_STATUS_OK, lsrt_engine_create(tensorrt_, device_, plan.data(), size, nullptr, nullptr, &engine_))
        << last_error();
}

TEST_F(EngineDamage, Create_WhileAStreamCaptures_IsRefused) {
    const std::string plan = build_plan();
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_)) << last_error();
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, load(plan));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));
}
