#include <atomic>
#include <thread>

#include "device_fixture.hpp"

namespace {

constexpr int thread_count = 4;
constexpr int rounds = 50;

class Threads : public DeviceTest {
  protected:
    void SetUp() override {
        DeviceTest::SetUp();
        open();
        load();
    }

    template <typename Body>
    static void run(Body&& body) {
        std::vector<std::thread> threads;
        for (int i = 0; i < thread_count; ++i) {
            threads.emplace_back([&, i] { body(i); });
        }

        for (std::thread& thread : threads) {
            thread.join();
        }
    }
};

TEST_F(Threads, Streams_OnePerThread_WorkAtTheSameTime) {
    std::atomic<int> failures{0};
    run([&](int thread) {
        lsrt_stream* stream = nullptr;
        failures += lsrt_stream_create(device_, &stream) != LSRT_STATUS_OK;
        for (int round = 0; round < rounds; ++round) {
            const float factor = static_cast<float>(thread * rounds + round);
            const float ones[4] = {1, 1, 1, 1};
            float results[4] = {};
            lsrt_buffer* x = nullptr;
            lsrt_buffer* y = nullptr;
            failures += lsrt_buffer_create(stream, 16, &x) != LSRT_STATUS_OK;
            failures += lsrt_buffer_create(stream, 16, &y) != LSRT_STATUS_OK;
            failures += lsrt_copy_to_device(stream, ones, x, 0, 16) != LSRT_STATUS_OK;
            failures += lsrt_fill(stream, y, 0, 16, 0) != LSRT_STATUS_OK;
            failures += launch(stream, y, x, factor, 4) != LSRT_STATUS_OK;
            failures += lsrt_copy_to_host(stream, y, 0, results, 16) != LSRT_STATUS_OK;
            failures += lsrt_stream_synchronize(stream) != LSRT_STATUS_OK;
            failures += results[0] != factor || results[3] != factor;
            failures += lsrt_buffer_destroy(x) != LSRT_STATUS_OK;
            failures += lsrt_buffer_destroy(y) != LSRT_STATUS_OK;
        }

        failures += lsrt_stream_destroy(stream) != LSRT_STATUS_OK;
        failures += lsrt_double_count(LSRT_DOUBLE_CURRENT_CONTEXTS) != 0;
    });
    EXPECT_EQ(0, failures);
    EXPECT_EQ(thread_count * rounds, counters().kernel_launches);
    EXPECT_EQ(thread_count * rounds * 16, counters().bytes_to_device);
    EXPECT_EQ(0, counters().live_buffers);
}

TEST_F(Threads, Captures_BesideAllocations_EitherSucceedOrAreRefusedButNeverBreak) {
    std::atomic<int> failures{0};
    std::atomic<int> graphs{0};
    lsrt_buffer* x = buffer({1, 1, 1, 1});
    run([&](int thread) {
        lsrt_stream* stream = nullptr;
        // Another thread may capture just now, and then nothing can be made: tried until it can.
        lsrt_status status = LSRT_STATUS_INVALID_STATE;
        while (status == LSRT_STATUS_INVALID_STATE) {
            status = lsrt_stream_create(device_, &stream);
        }

        failures += status != LSRT_STATUS_OK;
        for (int round = 0; round < rounds; ++round) {
            if (thread % 2 == 0) {
                lsrt_graph* graph = nullptr;
                failures += lsrt_stream_begin_capture(stream) != LSRT_STATUS_OK;
                failures += launch(stream, x, x, 0.0F, 4) != LSRT_STATUS_OK;
                failures += lsrt_stream_end_capture(stream, &graph) != LSRT_STATUS_OK;
                failures += lsrt_graph_destroy(graph) != LSRT_STATUS_OK;
                ++graphs;
            } else {
                lsrt_buffer* created = nullptr;
                status = lsrt_buffer_create(stream, 64, &created);
                failures += status != LSRT_STATUS_OK && status != LSRT_STATUS_INVALID_STATE;
                failures += lsrt_buffer_destroy(created) != LSRT_STATUS_OK;
            }
        }

        failures += lsrt_stream_destroy(stream) != LSRT_STATUS_OK;
    });
    EXPECT_EQ(0, failures);
    EXPECT_EQ(graphs, counters().captures);
    EXPECT_EQ(1, counters().live_buffers);
}

TEST_F(Threads, Errors_OnSeveralThreads_KeepTheirOwnMessages) {
    std::atomic<int> failures{0};
    run([&](int thread) {
        for (int round = 0; round < rounds; ++round) {
            lsrt_kernel* kernel = nullptr;
            const std::string entry = "entry_of_thread_" + std::to_string(thread);
            failures += lsrt_kernel_create(module_, entry.c_str(), &kernel) != LSRT_STATUS_INVALID_ARGUMENT;
            failures += last_error().find("'" + entry + "'") == std::string::npos;
        }
    });
    EXPECT_EQ(0, failures);
}

}  // namespace
