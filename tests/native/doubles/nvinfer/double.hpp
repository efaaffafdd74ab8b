#pragma once

#include <NvInfer.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <string>

#include "nvinfer_double.h"

// What all parts of the TensorRT double share.

namespace lsrt_double {

/// An object that the leak tests count.
class Counted {
  public:
    Counted() { ++live; }
    ~Counted() { --live; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

    static std::atomic<std::int64_t> live;
};

/// Whether the test asked for this failure; it happens once.
bool fails(const char* what);

/// Logs what the test wants to be said.
void say(nvinfer1::ILogger& logger) noexcept;

void log_error(nvinfer1::ILogger& logger, const std::string& message) noexcept;
void log(nvinfer1::ILogger& logger, nvinfer1::ILogger::Severity severity, const std::string& message) noexcept;

/// The functions that the test registered.
struct Executor {
    lsrt_double_describe describe = nullptr;
    void* describe_user = nullptr;
    lsrt_double_infer infer = nullptr;
    void* infer_user = nullptr;
    lsrt_double_execute execute = nullptr;
    void* execute_user = nullptr;
};
Executor executor();

struct Counters {
    std::atomic<std::int64_t> tactics_timed{0};
    std::atomic<std::int64_t> runs{0};
    std::atomic<std::int64_t> failed_runs{0};
    std::atomic<std::int64_t> misuses{0};
};
Counters& counters();

}  // namespace lsrt_double
