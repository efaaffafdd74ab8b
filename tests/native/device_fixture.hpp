#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api_helpers.hpp"
#include "cuda_double.h"

/// y[i] = a * x[i] + y[i]: what the tests launch.
extern const char* const multiply_add_ptx;

/// A device and a stream on the double of the driver. Each test must leave nothing alive there.
class DeviceTest : public testing::Test {
  protected:
    void SetUp() override {
        lsrt_double_reset();
        open_driver();
    }

    void TearDown() override {
        close();
        EXPECT_EQ(0, lsrt_double_count(LSRT_DOUBLE_MISUSES));
        for (int32_t what = 0; what < LSRT_DOUBLE_COUNTS; ++what) {
            if (what != LSRT_DOUBLE_MISUSES) {
                EXPECT_EQ(0, lsrt_double_count(what)) << what;
            }
        }
    }

    void open() {
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_device_create(driver_, 0, &device_)) << last_error();
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_create(device_, &stream_)) << last_error();
    }

    /// Destroys everything that the fixture made; no destroy call may fail.
    void close() {
        for (lsrt_graph* graph : graphs_) {
            EXPECT_EQ(LSRT_STATUS_OK, lsrt_graph_destroy(graph));
        }

        EXPECT_EQ(LSRT_STATUS_OK, lsrt_kernel_destroy(kernel_));
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_module_destroy(module_));
        for (lsrt_buffer* buffer : buffers_) {
            EXPECT_EQ(LSRT_STATUS_OK, lsrt_buffer_destroy(buffer));
        }

        EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_destroy(stream_));
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_device_destroy(device_));
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_cuda_driver_destroy(driver_));
        graphs_.clear();
        buffers_.clear();
        kernel_ = nullptr;
        module_ = nullptr;
        stream_ = nullptr;
        device_ = nullptr;
        driver_ = nullptr;
    }

    /// A buffer that the fixture destroys.
    lsrt_buffer* buffer(const std::vector<float>& values) {
        lsrt_buffer* created = nullptr;
        const auto size = static_cast<int64_t>(values.size() * sizeof(float));
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_buffer_create(stream_, size, &created)) << last_error();
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_copy_to_device(stream_, values.data(), created, 0, size)) << last_error();
        buffers_.push_back(created);
        return created;
    }

    std::vector<float> read(const lsrt_buffer* source) {
        int64_t size = 0;
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_buffer_size(source, &size));
        std::vector<float> values(static_cast<std::size_t>(size) / sizeof(float));
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_copy_to_host(stream_, source, 0, values.data(), size)) << last_error();
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_synchronize(stream_)) << last_error();
        return values;
    }

    static uint64_t address(const lsrt_buffer* buffer) {
        uint64_t address = 0;
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_buffer_address(buffer, &address));
        return address;
    }

    lsrt_memory_info memory() {
        lsrt_memory_info info{};
        info.struct_size = sizeof info;
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_device_memory(device_, &info)) << last_error();
        return info;
    }

    lsrt_device_counters counters() {
        lsrt_device_counters counters{};
        counters.struct_size = sizeof counters;
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_device_counters_get(device_, &counters));
        return counters;
    }

    void load() {
        const std::string_view ptx = multiply_add_ptx;
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_module_create(device_, ptx.data(), static_cast<int64_t>(ptx.size()), &module_))
            << last_error();
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_kernel_create(module_, "multiply_add", &kernel_)) << last_error();
    }

    /// Launches y += a * x over `count` elements.
    lsrt_status launch(lsrt_stream* stream, const lsrt_buffer* y, const lsrt_buffer* x, float a, uint32_t count) {
        const struct {
            uint64_t y, x;
            float a;
            uint32_t count;
        } parameters = {address(y), address(x), a, count};
        lsrt_launch launch{};
        launch.struct_size = sizeof launch;
        launch.grid_x = (count + 31) / 32;
        launch.block_x = 32;
        launch.grid_y = launch.grid_z = launch.block_y = launch.block_z = 1;
        return lsrt_kernel_launch(kernel_, stream, &launch, &parameters, sizeof parameters);
    }

    lsrt_status end_capture() {
        lsrt_graph* graph = nullptr;
        const lsrt_status status = lsrt_stream_end_capture(stream_, &graph);
        if (status == LSRT_STATUS_OK) {
            graphs_.push_back(graph);
        } else {
            EXPECT_EQ(nullptr, graph);
        }

        return status;
    }

    lsrt_cuda_driver* driver_ = nullptr;
    lsrt_device* device_ = nullptr;
    lsrt_stream* stream_ = nullptr;
    lsrt_module* module_ = nullptr;
    lsrt_kernel* kernel_ = nullptr;
    std::vector<lsrt_buffer*> buffers_;
    std::vector<lsrt_graph*> graphs_;

  private:
    void open_driver() {
        lsrt_cuda_driver_options options{};
        options.struct_size = sizeof options;
        options.library_path = CUDA_DOUBLE;
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_cuda_driver_create(&options, &driver_)) << last_error();
    }
};
