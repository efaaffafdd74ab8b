#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "device_fixture.hpp"
#include "nvinfer_double.h"

/// y = 2 x + bias over [-1,4], in the double's own format.
inline const char* const scale_and_add = R"(double-network 1
input x float -1,4
input bias float -1,4
output y float -1,4
node twice scale x t 2
node sum add t bias y
)";

/// A message of TensorRT's, or a step of a build, as the callbacks received it.
struct Received {
    std::mutex mutex;
    std::vector<std::string> messages;  // "SEVERITY TEXT"
    std::vector<std::string> steps;     // "DEPTH PHASE STEP/COUNT"
    std::size_t cancel_after = static_cast<std::size_t>(-1);

    lsrt_callbacks callbacks() {
        lsrt_callbacks callbacks{};
        callbacks.struct_size = sizeof callbacks;
        callbacks.log = [](void* user, int32_t severity, const char* message) {
            auto& received = *static_cast<Received*>(user);
            const std::lock_guard lock(received.mutex);
            received.messages.push_back(std::to_string(severity) + " " + message);
        };
        callbacks.progress = [](void* user, const char* phase, int32_t depth, int32_t step, int32_t count) {
            auto& received = *static_cast<Received*>(user);
            const std::lock_guard lock(received.mutex);
            received.steps.push_back(std::to_string(depth) + " " + phase + " " + std::to_string(step) + "/" +
                                     std::to_string(count));
            return received.steps.size() < received.cancel_after ? 1 : 0;
        };
        callbacks.user = this;
        return callbacks;
    }
};

/// TensorRT's double beside the driver's. Each test must leave nothing alive in either.
class EngineTest : public DeviceTest {
  protected:
    void SetUp() override {
        DeviceTest::SetUp();
        open();
        ASSERT_EQ(0, lsrt_double_nvinfer_fail(nullptr));
        lsrt_double_nvinfer_say(0, nullptr);
        misuses_before_ = lsrt_double_nvinfer_misuses();
        lsrt_tensorrt_options options{};
        options.struct_size = sizeof options;
        options.directory = TENSORRT_DOUBLE;
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_tensorrt_create(&options, &tensorrt_)) << last_error();
        const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
        folder_ = std::filesystem::path(testing::TempDir()) /
                  (std::string(TEST_FOLDER) + test.test_suite_name() + "." + test.name());
        std::filesystem::create_directories(folder_);
    }

    void TearDown() override {
        for (lsrt_execution* execution : executions_) {
            EXPECT_EQ(LSRT_STATUS_OK, lsrt_execution_destroy(execution));
        }

        EXPECT_EQ(LSRT_STATUS_OK, lsrt_engine_destroy(engine_));
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_tensorrt_destroy(tensorrt_));
        EXPECT_EQ(0, lsrt_double_nvinfer_live());
        EXPECT_EQ(misuses_before_, lsrt_double_nvinfer_misuses());
        std::filesystem::remove_all(folder_);
        DeviceTest::TearDown();
    }

    std::string write(const std::string& name, const std::string& text) {
        const std::string path = (folder_ / name).string();
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }

    /// Of an input [-1,4], the profile with those rows.
    static lsrt_profile_shape rows(const char* input, int32_t profile, int64_t min, int64_t opt, int64_t max) {
        return {input, profile, 2, {min, 4}, {opt, 4}, {max, 4}};
    }

    /// Both inputs of scale_and_add in one profile of 1 to 4 rows.
    static std::vector<lsrt_profile_shape> one_profile() { return {rows("x", 0, 1, 2, 4), rows("bias", 0, 1, 2, 4)}; }

    lsrt_build_options options(const std::string& model, const std::vector<lsrt_profile_shape>& shapes,
                               int32_t flags = 0) {
        lsrt_build_options options{};
        options.struct_size = sizeof options;
        options.model_path = model.c_str();
        options.shapes = shapes.data();
        options.shape_count = static_cast<int64_t>(shapes.size());
        options.optimization_level = -1;
        options.auxiliary_streams = -1;
        options.flags = flags;
        return options;
    }

    /// Builds, and gives the plan's bytes.
    lsrt_status build(const lsrt_build_options& options, std::string* plan, const lsrt_callbacks* callbacks = nullptr,
                      std::string* timing_cache = nullptr) {
        lsrt_blob* blob = nullptr;
        lsrt_blob* cache = nullptr;
        const lsrt_status status = lsrt_engine_build(tensorrt_, device_, &options, callbacks, &blob,
                                                     timing_cache != nullptr ? &cache : nullptr);
        EXPECT_EQ(status == LSRT_STATUS_OK, blob != nullptr);
        EXPECT_EQ(status == LSRT_STATUS_OK && timing_cache != nullptr, cache != nullptr);
        if (blob != nullptr) {
            *plan = take(blob);
        }
        if (cache != nullptr) {
            *timing_cache = take(cache);
        }
        return status;
    }

    /// The plan of scale_and_add in one profile.
    std::string build_plan(int32_t flags = 0) {
        const std::string model = write("model.txt", scale_and_add);
        const std::vector<lsrt_profile_shape> shapes = one_profile();
        std::string plan;
        EXPECT_EQ(LSRT_STATUS_OK, build(options(model, shapes, flags), &plan)) << last_error();
        return plan;
    }

    /// The blob's bytes; destroys it.
    static std::string take(lsrt_blob* blob) {
        const void* data = nullptr;
        int64_t size = 0;
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_blob_data(blob, &data, &size));
        std::string bytes(static_cast<const char*>(data), static_cast<std::size_t>(size));
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_blob_destroy(blob));
        return bytes;
    }

    lsrt_status load(const std::string& plan, int64_t budget = -1, const lsrt_callbacks* callbacks = nullptr) {
        lsrt_engine_options options{};
        options.struct_size = sizeof options;
        options.weight_streaming_budget = budget;
        return lsrt_engine_create(tensorrt_, device_, plan.data(), static_cast<int64_t>(plan.size()), &options,
                                  callbacks, &engine_);
    }

    /// An execution of the profile, which the fixture destroys.
    lsrt_execution* execution(int32_t profile = 0) {
        lsrt_execution* created = nullptr;
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_execution_create(engine_, profile, stream_, &created)) << last_error();
        executions_.push_back(created);
        return created;
    }

    static lsrt_status set_rows(lsrt_execution* execution, const char* input, int64_t rows) {
        const int64_t extents[] = {rows, 4};
        return lsrt_execution_set_shape(execution, input, extents, 2);
    }

    /// Activation memory as large as the execution says.
    void give_memory(lsrt_execution* execution) {
        int64_t size = 0;
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_execution_activation_size(execution, &size)) << last_error();
        lsrt_buffer* memory = buffer(std::vector<float>(static_cast<std::size_t>(size) / sizeof(float)));
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_execution_set_memory(execution, memory, 0, size)) << last_error();
    }

    /// An execution of two rows over buffers of the fixture's, ready to be enqueued; y is the third buffer.
    lsrt_execution* ready_execution() {
        lsrt_execution* ready = execution();
        const std::map<std::string, std::vector<float>> values{
            {"x", {1, 2, 3, 4, 5, 6, 7, 8}}, {"bias", {1, 1, 1, 1, -1, -1, -1, -1}}, {"y", std::vector<float>(8)}};
        for (const auto& [name, initial] : values) {
            if (name != "y") {
                EXPECT_EQ(LSRT_STATUS_OK, set_rows(ready, name.c_str(), 2)) << last_error();
            }

            tensors_[name] = buffer(initial);
            EXPECT_EQ(LSRT_STATUS_OK, lsrt_execution_set_address(ready, name.c_str(), address(tensors_[name])))
                << last_error();
        }

        give_memory(ready);
        return ready;
    }

    lsrt_tensorrt* tensorrt_ = nullptr;
    lsrt_engine* engine_ = nullptr;
    std::vector<lsrt_execution*> executions_;
    std::map<std::string, lsrt_buffer*> tensors_;
    std::filesystem::path folder_;
    int64_t misuses_before_ = 0;
};
