#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "cuda_api.hpp"
#include "ptx_interpreter.hpp"

// The exports' declarations come from the list that the runtime's loader uses, so that neither can deviate from it.
extern "C" {
namespace cuda = lsrt::cuda;
#define LSRT_CUDA_SYMBOL(name, parameters) __attribute__((visibility("default"))) int name parameters;
#include "cuda_symbols.def"
#undef LSRT_CUDA_SYMBOL
}

namespace cuda_double {

constexpr int illegal_state = 401;
constexpr int invalid_context = 201;
constexpr int not_supported = 801;
constexpr int illegal_address = 700;
constexpr int launch_failed = 719;
constexpr int invalid_ptx = 218;
constexpr int capture_unsupported = 900;
constexpr int capture_invalidated = 901;
constexpr int capture_merge = 902;
constexpr int capture_unmatched = 903;
constexpr int capture_unjoined = 904;
constexpr int capture_isolation = 905;
constexpr int captured_event = 907;
constexpr int capture_wrong_thread = 908;

constexpr int device_count = 2;

struct Stream;

/// A recorded or enqueued operation.
using Operation = std::function<int()>;
using Operations = std::vector<Operation>;

/// How many operations of each stream of a capture come before a point of it.
using Progress = std::map<const Stream*, std::int64_t>;

struct Capture {
    const Stream* origin;
    std::thread::id thread;
    bool is_invalid = false;
    Operations operations;
    std::vector<Stream*> streams;
};

struct Context {
    int device;
    std::int64_t retained = 0;
};

struct Pool {
    int device;
    std::uint64_t release_threshold = 0;
    std::uint64_t used = 0, used_high = 0, reserved_high = 0;
};

struct Allocation {
    std::size_t size;
    int device;
    Pool* pool;
};

struct Stream {
    std::shared_ptr<Capture> capture;
    std::int64_t captured_operations = 0;
    Progress progress;
};

struct Event {
    bool has_timing;
    bool is_recorded = false;
    std::int64_t time = 0;
    std::shared_ptr<Capture> capture;
    Progress progress;
};

struct Function {
    struct Module* module;
    std::string entry;
};

struct Module {
    explicit Module(ptx::Module&& parsed) : ptx(std::move(parsed)) {}

    ptx::Module ptx;
    std::atomic<bool> is_loaded{true};
    std::map<std::string, std::unique_ptr<Function>> functions;
};

struct Graph {
    Operations operations;
};

struct GraphExecution {
    Operations operations;
};

/// The live objects of one kind, by handle.
template <typename T>
class Handles {
  public:
    template <typename Handle>
    Handle add(std::shared_ptr<T> object) {
        T* key = object.get();
        objects_.emplace(key, std::move(object));
        return reinterpret_cast<Handle>(key);
    }

    /// Null if the handle is not alive.
    template <typename Handle>
    std::shared_ptr<T> find(Handle handle) const {
        const auto found = objects_.find(reinterpret_cast<T*>(handle));
        return found != objects_.end() ? found->second : nullptr;
    }

    template <typename Handle>
    bool remove(Handle handle) {
        return objects_.erase(reinterpret_cast<T*>(handle)) == 1;
    }

    template <typename Body>
    void for_each(Body&& body) const {
        for (const auto& entry : objects_) {
            body(*entry.second);
        }
    }

    std::int64_t count() const { return static_cast<std::int64_t>(objects_.size()); }

  private:
    std::unordered_map<T*, std::shared_ptr<T>> objects_;
};

/// Everything the double knows. `mutex` guards it all; operations run without it.
struct State {
    std::mutex mutex;

    std::map<std::string, std::pair<std::int64_t, int>> faults;  // calls left and result
    std::map<std::string, std::int64_t> calls;
    std::map<std::string, std::int64_t> launches;
    int lost_result = 0;
    bool has_pools = true;
    bool has_capture = true;
    std::int64_t memory_limit = -1;
    std::int64_t misuses = 0;
    std::int64_t clock = 0;  // operations run: the time that events record, in microseconds

    Context contexts[device_count] = {{0}, {1}};
    std::map<cuda::Address, Allocation> allocations;
    std::map<void*, std::size_t> pinned;
    Handles<Pool> pools;
    Handles<Stream> streams;
    Handles<Event> events;
    Handles<Module> modules;
    std::unordered_set<Function*> functions;
    Handles<Graph> graphs;
    Handles<GraphExecution> executions;
};

State& state();
std::vector<Context*>& current_contexts();

/// What an entry point does first: counts the call, and says what it must return at once (0: go on). State::mutex is
/// held by the caller.
int enter(const char* function);
/// `enter` for calls that need a current context.
int enter_in_context(const char* function);
/// Counts a call that no correct program makes, and returns what the driver says to it.
int misuse(int result);

/// Invalidates the captures that the calling thread began.
void invalidate_captures();
bool is_capturing_thread();
/// Refuses a call that may not be made while the thread captures: invalidates the capture as the driver does.
int forbid_while_capturing();

/// Runs `operation`, or records it if the stream captures. `lock` holds State::mutex, and is released to run.
int enqueue(std::unique_lock<std::mutex>& lock, cuda::Stream stream, Operation operation);
/// Runs operations one after another; a failure loses the device.
int run(const Operations& operations);

/// Bytes of memory that the device of that ordinal has.
std::size_t total_memory(int ordinal);

/// Whether the range lies in one allocation that is alive.
bool is_allocated(cuda::Address address, std::size_t size);

}  // namespace cuda_double
