#include <malloc.h>

#include <utility>

#include "device_fixture.hpp"

namespace {

/// One of everything, made, used and destroyed.
class Lifetimes : public DeviceTest {
  protected:
    void cycle() {
        ASSERT_NO_FATAL_FAILURE(open());
        ASSERT_NO_FATAL_FAILURE(load());
        lsrt_buffer* x = buffer({1, 2, 3, 4});
        lsrt_buffer* y = buffer({0, 0, 0, 0});
        lsrt_pinned* pinned = nullptr;
        lsrt_event* event = nullptr;
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_pinned_create(device_, 4096, &pinned));
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_create(device_, 1, &event));
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_));
        ASSERT_EQ(LSRT_STATUS_OK, launch(stream_, y, x, 2.0F, 4));
        ASSERT_EQ(LSRT_STATUS_OK, end_capture());
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_graph_launch(graphs_[0], stream_));
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_record(event, stream_));
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_event_destroy(event));
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_pinned_destroy(pinned));
        lsrt_cuda_driver* driver = std::exchange(driver_, nullptr);
        close();
        driver_ = driver;
    }

    static std::size_t allocated() {
        const struct mallinfo2 info = mallinfo2();
        return info.uordblks + info.hblkhd;
    }
};

TEST_F(Lifetimes, Cycle_ThousandTimes_LeavesNothingAliveAndMemoryFlat) {
    for (int i = 0; i < 10; ++i) {
        cycle();
    }

    const std::size_t before = allocated();
    for (int i = 0; i < 1000 && !HasFailure(); ++i) {
        cycle();
    }

    for (int32_t what = 0; what < LSRT_DOUBLE_COUNTS; ++what) {
        EXPECT_EQ(0, lsrt_double_count(what)) << what;
    }

    EXPECT_EQ(1010, lsrt_double_calls("cuDevicePrimaryCtxRetain"));
    // A leak in every cycle would be 32,000 bytes at least, the heap's smallest block (32 bytes) a thousand times;
    // below that is what the heap keeps in its caches, which mallinfo2 counts as allocated. An ASan build's heap is not
    // mallinfo2's; its own check for leaks covers it.
    EXPECT_LT(allocated(), before + 32000);
}

TEST_F(Lifetimes, Cycle_EveryDriverCallFailsOnce_LeavesNothingAlive) {
    // The first, second, ... allocation or creation of a cycle fails; whatever was made before is destroyed.
    for (const char* function :
         {"cuDevicePrimaryCtxRetain", "cuMemPoolCreate", "cuMemPoolSetAttribute", "cuStreamCreate",
          "cuCtxPushCurrent_v2", "cuModuleLoadDataEx", "cuModuleGetFunction", "cuFuncGetAttribute"}) {
        for (int32_t nth = 1; nth <= 4; ++nth) {
            lsrt_double_reset();
            ASSERT_EQ(0, lsrt_double_fail(function, nth, 2));
            lsrt_device* device = nullptr;
            lsrt_stream* stream = nullptr;
            lsrt_module* module = nullptr;
            lsrt_kernel* kernel = nullptr;
            const std::string_view ptx = multiply_add_ptx;
            if (lsrt_device_create(driver_, 0, &device) == LSRT_STATUS_OK) {
                (void)lsrt_stream_create(device, &stream);
                if (lsrt_module_create(device, ptx.data(), static_cast<int64_t>(ptx.size()), &module) ==
                    LSRT_STATUS_OK) {
                    (void)lsrt_kernel_create(module, "multiply_add", &kernel);
                }
            }

            // A push that fails here must not keep anything from being released.
            EXPECT_EQ(LSRT_STATUS_OK, lsrt_kernel_destroy(kernel));
            EXPECT_EQ(LSRT_STATUS_OK, lsrt_module_destroy(module));
            EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_destroy(stream));
            EXPECT_EQ(LSRT_STATUS_OK, lsrt_device_destroy(device));
            for (int32_t what = 0; what < LSRT_DOUBLE_COUNTS; ++what) {
                EXPECT_TRUE(what == LSRT_DOUBLE_MISUSES || lsrt_double_count(what) == 0) << function << nth << what;
            }
        }
    }

    lsrt_double_reset();
}

}  // namespace
