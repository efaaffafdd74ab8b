#include <functional>

#include "device_fixture.hpp"

// Each fault of the driver has its own status, leaves nothing behind (the fixture counts), and never hangs.

namespace {

class Faults : public DeviceTest {
  protected:
    void SetUp() override {
        DeviceTest::SetUp();
        open();
        load();
        x_ = buffer({1, 2, 3, 4});
        y_ = buffer({0, 0, 0, 0});
    }

    /// Captures one launch; the status of the first call that fails.
    lsrt_status capture() {
        if (const lsrt_status status = lsrt_stream_begin_capture(stream_); status != LSRT_STATUS_OK) {
            return status;
        }

        if (const lsrt_status status = launch(stream_, y_, x_, 2.0F, 4); status != LSRT_STATUS_OK) {
            EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));
            return status;
        }

        return end_capture();
    }

    void expect_usable() {
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_fill(stream_, y_, 0, 16, 0)) << last_error();
        ASSERT_EQ(LSRT_STATUS_OK, launch(stream_, y_, x_, 2.0F, 4)) << last_error();
        EXPECT_EQ((std::vector<float>{2, 4, 6, 8}), read(y_));
        EXPECT_EQ(LSRT_STATUS_OK, capture()) << last_error();
    }

    lsrt_buffer* x_ = nullptr;
    lsrt_buffer* y_ = nullptr;
};

TEST_F(Faults, Buffer_NthAllocationFails_IsDeviceOutOfMemoryAndTheNextWorks) {
    lsrt_buffer* buffers[3] = {};
    ASSERT_EQ(0, lsrt_double_fail("cuMemAllocFromPoolAsync", 3, 2));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_buffer_create(stream_, 16, &buffers[0]));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_buffer_create(stream_, 16, &buffers[1]));
    EXPECT_EQ(LSRT_STATUS_DEVICE_OUT_OF_MEMORY, lsrt_buffer_create(stream_, 16, &buffers[2]));
    EXPECT_EQ(nullptr, buffers[2]);
    expect_contains(last_error(), "cuMemAllocFromPoolAsync failed: CUDA_ERROR_OUT_OF_MEMORY (2)");
    EXPECT_EQ(4, counters().live_buffers);
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_buffer_create(stream_, 16, &buffers[2]));
    for (lsrt_buffer* buffer : buffers) {
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_buffer_destroy(buffer));
    }
}

TEST_F(Faults, Memory_LimitReached_IsDeviceOutOfMemory) {
    lsrt_double_set_memory_limit(64);
    lsrt_buffer* buffer = nullptr;
    lsrt_pinned* pinned = nullptr;
    EXPECT_EQ(LSRT_STATUS_DEVICE_OUT_OF_MEMORY, lsrt_buffer_create(stream_, 33, &buffer));
    EXPECT_EQ(LSRT_STATUS_DEVICE_OUT_OF_MEMORY, lsrt_pinned_create(device_, 65, &pinned));
    EXPECT_EQ(0, memory().pinned);
    EXPECT_EQ(32, memory().used);
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_buffer_create(stream_, 32, &buffer));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_buffer_destroy(buffer));
}

TEST_F(Faults, DeviceCreate_EveryStepFails_ReleasesWhatWasTaken) {
    const struct {
        const char* function;
        int32_t result;
        lsrt_status expected;
    } faults[] = {
        {"cuDevicePrimaryCtxRetain", 2, LSRT_STATUS_DEVICE_OUT_OF_MEMORY},
        {"cuDevicePrimaryCtxRetain", 46, LSRT_STATUS_DRIVER},
        {"cuCtxPushCurrent_v2", 201, LSRT_STATUS_DRIVER},
        {"cuMemPoolCreate", 2, LSRT_STATUS_DEVICE_OUT_OF_MEMORY},
        {"cuMemPoolSetAttribute", 1, LSRT_STATUS_DRIVER},
    };
    for (const auto& fault : faults) {
        ASSERT_EQ(0, lsrt_double_fail(fault.function, 1, fault.result));
        lsrt_device* device = nullptr;
        EXPECT_EQ(fault.expected, lsrt_device_create(driver_, 1, &device)) << fault.function;
        EXPECT_EQ(nullptr, device);
        EXPECT_EQ(1, lsrt_double_count(LSRT_DOUBLE_CONTEXTS)) << fault.function;
        EXPECT_EQ(1, lsrt_double_count(LSRT_DOUBLE_POOLS)) << fault.function;
    }
}

TEST_F(Faults, Create_DriverRefuses_GivesItsStatusAndLeavesNothing) {
    lsrt_stream* stream = nullptr;
    lsrt_event* event = nullptr;
    lsrt_module* module = nullptr;
    ASSERT_EQ(0, lsrt_double_fail("cuStreamCreate", 1, 999));
    EXPECT_EQ(LSRT_STATUS_DRIVER, lsrt_stream_create(device_, &stream));
    expect_contains(last_error(), "cuStreamCreate failed: unknown (999)");
    ASSERT_EQ(0, lsrt_double_fail("cuEventCreate", 1, 2));
    EXPECT_EQ(LSRT_STATUS_DEVICE_OUT_OF_MEMORY, lsrt_event_create(device_, 1, &event));
    ASSERT_EQ(0, lsrt_double_fail("cuModuleLoadDataEx", 1, 2));
    EXPECT_EQ(LSRT_STATUS_DEVICE_OUT_OF_MEMORY, lsrt_module_create(device_, multiply_add_ptx, 10, &module));
    ASSERT_EQ(0, lsrt_double_fail("cuFuncGetAttribute", 1, 2));
    lsrt_kernel* kernel = nullptr;
    EXPECT_EQ(LSRT_STATUS_DEVICE_OUT_OF_MEMORY, lsrt_kernel_create(module_, "multiply_add", &kernel));
    expect_usable();
}

TEST_F(Faults, Launch_DriverRefuses_IsLaunch) {
    for (const int32_t result : {1, 98, 701, 720}) {
        ASSERT_EQ(0, lsrt_double_fail("cuLaunchKernel", 1, result));
        EXPECT_EQ(LSRT_STATUS_LAUNCH, launch(stream_, y_, x_, 2.0F, 4)) << result;
    }
    EXPECT_EQ(0, counters().kernel_launches);
    expect_usable();
    ASSERT_EQ(0, lsrt_double_fail("cuGraphLaunch", 1, 1));
    EXPECT_EQ(LSRT_STATUS_LAUNCH, lsrt_graph_launch(graphs_[0], stream_));
    EXPECT_EQ(0, counters().graph_launches);
    ASSERT_EQ(0, lsrt_double_fail("cuLaunchHostFunc", 1, 1));
    EXPECT_EQ(LSRT_STATUS_LAUNCH, lsrt_stream_host_function(
                                      stream_, [](void*) {}, nullptr));
    ASSERT_EQ(0, lsrt_double_fail("cuStreamSynchronize", 1, 701));
    EXPECT_EQ(LSRT_STATUS_LAUNCH, lsrt_stream_synchronize(stream_));
}

TEST_F(Faults, Capture_Unsupported_IsCaptureAndPlainEnqueueWorks) {
    lsrt_double_set_capture(0);
    EXPECT_EQ(LSRT_STATUS_CAPTURE, capture());
    EXPECT_EQ(LSRT_STATUS_OK, launch(stream_, y_, x_, 2.0F, 4));
    EXPECT_EQ((std::vector<float>{2, 4, 6, 8}), read(y_));
    lsrt_double_set_capture(1);
    expect_usable();
}

TEST_F(Faults, Capture_AnyStepFails_IsCaptureWithoutALeftover) {
    const struct {
        const char* function;
        int32_t result;
        lsrt_status expected;
    } faults[] = {
        {"cuStreamBeginCapture_v2", 1, LSRT_STATUS_CAPTURE},
        {"cuLaunchKernel", 1, LSRT_STATUS_CAPTURE},
        {"cuLaunchKernel", 900, LSRT_STATUS_CAPTURE},
        {"cuStreamEndCapture", 901, LSRT_STATUS_CAPTURE},
        {"cuGraphGetNodes", 1, LSRT_STATUS_CAPTURE},
        {"cuGraphInstantiateWithFlags", 1, LSRT_STATUS_CAPTURE},
        // Memory that a graph lacks hinders only the graph: the work can be enqueued plainly.
        {"cuStreamBeginCapture_v2", 2, LSRT_STATUS_CAPTURE},
        {"cuLaunchKernel", 2, LSRT_STATUS_CAPTURE},
        {"cuStreamEndCapture", 2, LSRT_STATUS_CAPTURE},
        {"cuGraphGetNodes", 2, LSRT_STATUS_CAPTURE},
        {"cuGraphInstantiateWithFlags", 2, LSRT_STATUS_CAPTURE},
    };
    for (const auto& fault : faults) {
        ASSERT_EQ(0, lsrt_double_fail(fault.function, 1, fault.result));
        EXPECT_EQ(fault.expected, capture()) << fault.function;
        EXPECT_EQ(0, lsrt_double_count(LSRT_DOUBLE_CAPTURES)) << fault.function;
        EXPECT_EQ(0, lsrt_double_count(LSRT_DOUBLE_GRAPHS)) << fault.function;
        EXPECT_EQ(0, lsrt_double_count(LSRT_DOUBLE_GRAPH_EXECUTIONS)) << fault.function;
    }

    EXPECT_EQ(0, counters().captures);
    expect_usable();
}

TEST_F(Faults, Capture_EveryKindOfWorkOutOfMemory_IsCapture) {
    lsrt_event* event = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_create(device_, 0, &event));
    ASSERT_EQ(LSRT_STATUS_OK, capture());
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_device_counters_reset(device_));
    float values[4] = {};
    const struct {
        const char* function;
        std::function<lsrt_status()> call;
    } steps[] = {
        {"cuMemsetD8Async", [&] { return lsrt_fill(stream_, x_, 0, 16, 0); }},
        {"cuMemcpyHtoDAsync_v2", [&] { return lsrt_copy_to_device(stream_, values, x_, 0, 16); }},
        {"cuMemcpyDtoHAsync_v2", [&] { return lsrt_copy_to_host(stream_, x_, 0, values, 16); }},
        {"cuMemcpyDtoDAsync_v2", [&] { return lsrt_copy_on_device(stream_, x_, 0, y_, 0, 16); }},
        {"cuLaunchHostFunc",
         [&] {
             return lsrt_stream_host_function(
                 stream_, [](void*) {}, nullptr);
         }},
        {"cuEventRecord", [&] { return lsrt_event_record(event, stream_); }},
        {"cuStreamWaitEvent", [&] { return lsrt_stream_wait_event(stream_, event); }},
        {"cuGraphLaunch", [&] { return lsrt_graph_launch(graphs_[0], stream_); }},
    };
    for (const auto& [function, call] : steps) {
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_));
        ASSERT_EQ(0, lsrt_double_fail(function, 1, 2));
        EXPECT_EQ(LSRT_STATUS_CAPTURE, call()) << function;
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));
        // Enqueued plainly, want of memory is what it is.
        ASSERT_EQ(0, lsrt_double_fail(function, 1, 2));
        EXPECT_EQ(LSRT_STATUS_DEVICE_OUT_OF_MEMORY, call()) << function;
    }

    EXPECT_EQ(0, lsrt_double_count(LSRT_DOUBLE_CAPTURES));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_event_destroy(event));
    expect_usable();
}

TEST_F(Faults, Trim_DriverRefuses_GivesItsStatus) {
    ASSERT_EQ(0, lsrt_double_fail("cuMemPoolTrimTo", 1, 1));
    EXPECT_EQ(LSRT_STATUS_DRIVER, lsrt_device_trim(device_));
    ASSERT_EQ(0, lsrt_double_fail("cuCtxSynchronize", 1, 700));
    EXPECT_EQ(LSRT_STATUS_DEVICE_LOST, lsrt_device_trim(device_));
}

TEST_F(Faults, Copies_DriverRefuses_IsDriverAndNotCounted) {
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_device_counters_reset(device_));
    float values[4] = {};
    for (const char* function :
         {"cuMemcpyHtoDAsync_v2", "cuMemcpyDtoHAsync_v2", "cuMemcpyDtoDAsync_v2", "cuMemsetD8Async"}) {
        ASSERT_EQ(0, lsrt_double_fail(function, 1, 1));
    }

    EXPECT_EQ(LSRT_STATUS_DRIVER, lsrt_copy_to_device(stream_, values, x_, 0, 16));
    EXPECT_EQ(LSRT_STATUS_DRIVER, lsrt_copy_to_host(stream_, x_, 0, values, 16));
    EXPECT_EQ(LSRT_STATUS_DRIVER, lsrt_copy_on_device(stream_, x_, 0, y_, 0, 16));
    EXPECT_EQ(LSRT_STATUS_DRIVER, lsrt_fill(stream_, x_, 0, 16, 0));
    EXPECT_EQ(0, counters().bytes_to_device + counters().bytes_to_host + counters().copies_on_device);
}

TEST_F(Faults, DeviceLost_EveryStickyResult_LosesTheDeviceForGood) {
    for (const int32_t result : {214, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719}) {
        lsrt_device* device = nullptr;
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_device_create(driver_, 1, &device));
        ASSERT_EQ(0, lsrt_double_fail("cuCtxSynchronize", 1, result));
        EXPECT_EQ(LSRT_STATUS_DEVICE_LOST, lsrt_device_synchronize(device)) << result;
        const std::string reason = last_error();
        lsrt_double_reset();  // the driver's mood does not matter any more
        EXPECT_EQ(LSRT_STATUS_DEVICE_LOST, lsrt_device_synchronize(device)) << result;
        expect_contains(last_error(), reason);
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_device_destroy(device));
    }
}

TEST_F(Faults, DeviceLost_EveryCallButDestroy_SaysSo) {
    ASSERT_EQ(LSRT_STATUS_OK, capture());
    lsrt_event* event = nullptr;
    lsrt_pinned* pinned = nullptr;
    lsrt_stream* capturing = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_create(device_, 1, &event));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_pinned_create(device_, 16, &pinned));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_create(device_, &capturing));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(capturing));
    lsrt_double_lose_device(719);
    lsrt_buffer* buffer = nullptr;
    lsrt_graph* graph = nullptr;
    lsrt_stream* stream = nullptr;
    float values[4] = {};
    int32_t is_done = 0;
    const std::function<lsrt_status()> calls[] = {
        [&] { return launch(stream_, y_, x_, 2.0F, 4); },
        [&] { return lsrt_stream_end_capture(capturing, &graph); },
        [&] { return lsrt_buffer_create(stream_, 16, &buffer); },
        [&] { return lsrt_stream_create(device_, &stream); },
        [&] { return lsrt_stream_begin_capture(stream_); },
        [&] { return lsrt_graph_launch(graphs_[0], stream_); },
        [&] { return lsrt_copy_to_device(stream_, values, x_, 0, 16); },
        [&] { return lsrt_copy_to_host(stream_, x_, 0, values, 16); },
        [&] { return lsrt_fill(stream_, x_, 0, 16, 0); },
        [&] { return lsrt_event_record(event, stream_); },
        [&] { return lsrt_event_query(event, &is_done); },
        [&] { return lsrt_event_synchronize(event); },
        [&] { return lsrt_stream_synchronize(stream_); },
        [&] { return lsrt_device_synchronize(device_); },
    };
    for (std::size_t i = 0; i < std::size(calls); ++i) {
        EXPECT_EQ(LSRT_STATUS_DEVICE_LOST, calls[i]()) << i;
    }
    EXPECT_EQ(1, memory().is_lost);
    EXPECT_EQ(32, memory().used);
    // The double goes on failing; the fixture sees that everything is destroyed all the same.
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_destroy(capturing));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_event_destroy(event));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_pinned_destroy(pinned));
}

TEST_F(Faults, DeviceLost_WhileCapturing_ReleasesWhatWasDestroyedMeanwhile) {
    lsrt_buffer* buffer = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_buffer_create(stream_, 16, &buffer));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_buffer_destroy(buffer));
    lsrt_double_lose_device(700);
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));
    EXPECT_EQ(2, lsrt_double_count(LSRT_DOUBLE_ALLOCATIONS));
}

TEST_F(Faults, Destroy_DriverFails_StillSucceeds) {
    lsrt_event* event = nullptr;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_create(device_, 0, &event));
    ASSERT_EQ(0, lsrt_double_fail("cuEventDestroy_v2", 1, 999));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_event_destroy(event));
}

}  // namespace
