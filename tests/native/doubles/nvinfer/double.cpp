#include "double.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "generated_stubs.hpp"

namespace lsrt_double {

namespace {

constexpr std::array<std::string_view, 14> failures{
    "create_builder", "create_network", "build",   "out_of_memory", "create_runtime", "deserialize", "budget",
    "create_context", "profile",        "enqueue", "execute",       "refit",          "serialize",   "activation_size"};

std::mutex mutex;
std::string next_failure;
Executor registered;
std::int32_t said_severity = 0;
std::string said;

}  // namespace

std::atomic<std::int64_t> Counted::live{0};

void missing(const char* method) noexcept {
    std::fprintf(stderr, "The TensorRT double does not have %s.\n", method);
    std::abort();
}

bool fails(const char* what) {
    const std::lock_guard lock(mutex);
    if (next_failure != what) {
        return false;
    }

    next_failure.clear();
    return true;
}

void log(nvinfer1::ILogger& logger, nvinfer1::ILogger::Severity severity, const std::string& message) noexcept {
    logger.log(severity, message.c_str());
}

void log_error(nvinfer1::ILogger& logger, const std::string& message) noexcept {
    log(logger, nvinfer1::ILogger::Severity::kERROR, message);
}

void say(nvinfer1::ILogger& logger) noexcept {
    std::string message;
    std::int32_t severity = 0;
    {
        const std::lock_guard lock(mutex);
        message = said;
        severity = said_severity;
    }

    if (!message.empty()) {
        log(logger, static_cast<nvinfer1::ILogger::Severity>(severity), message);
    }
}

Executor executor() {
    const std::lock_guard lock(mutex);
    return registered;
}

Counters& counters() {
    static Counters instance;
    return instance;
}

}  // namespace lsrt_double

using namespace lsrt_double;

void lsrt_double_set_describe(lsrt_double_describe function, void* user) {
    const std::lock_guard lock(mutex);
    registered.describe = function;
    registered.describe_user = user;
}

void lsrt_double_set_infer(lsrt_double_infer function, void* user) {
    const std::lock_guard lock(mutex);
    registered.infer = function;
    registered.infer_user = user;
}

void lsrt_double_set_execute(lsrt_double_execute function, void* user) {
    const std::lock_guard lock(mutex);
    registered.execute = function;
    registered.execute_user = user;
}

int32_t lsrt_double_nvinfer_fail(const char* what) {
    const std::lock_guard lock(mutex);
    next_failure = what != nullptr ? what : "";
    return what == nullptr || std::find(failures.begin(), failures.end(), what) != failures.end() ? 0 : -1;
}

void lsrt_double_nvinfer_say(int32_t severity, const char* message) {
    const std::lock_guard lock(mutex);
    said_severity = severity;
    said = message != nullptr ? message : "";
}

int64_t lsrt_double_nvinfer_live(void) { return Counted::live; }
int64_t lsrt_double_nvinfer_tactics_timed(void) { return counters().tactics_timed; }
int64_t lsrt_double_nvinfer_runs(void) { return counters().runs; }
int64_t lsrt_double_nvinfer_failed_runs(void) { return counters().failed_runs; }
int64_t lsrt_double_nvinfer_misuses(void) { return counters().misuses; }
