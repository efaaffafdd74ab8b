#include <algorithm>
#include <cstring>
#include <exception>
#include <iterator>
#include <string_view>

#include "cuda_double_state.hpp"

// Module Management and Execution Control.

using namespace cuda_double;

namespace {

/// Writes the message to the caller's log, if the caller gave one.
void log_error(std::string_view message, unsigned int count, const int* options, void** values) {
    char* log = nullptr;
    std::size_t size = 0;
    for (unsigned int i = 0; i < count; ++i) {
        if (options[i] == cuda::jit_error_log_buffer) {
            log = static_cast<char*>(values[i]);
        } else if (options[i] == cuda::jit_error_log_buffer_size_bytes) {
            size = reinterpret_cast<std::size_t>(values[i]);
        }
    }

    if (log != nullptr && size > 0) {
        const std::size_t length = std::min(message.size(), size - 1);
        std::memcpy(log, message.data(), length);
        log[length] = '\0';
    }
}

/// The parameter block that `extra` names. Null with a size of 0 if there is none.
struct Block {
    const void* data = nullptr;
    std::size_t size = 0;
    bool is_valid = true;
};

Block read_extra(void** extra) {
    Block block;
    for (; extra != nullptr && *extra != cuda::launch_param_end; extra += 2) {
        if (extra[0] == cuda::launch_param_buffer_pointer) {
            block.data = extra[1];
        } else if (extra[0] == cuda::launch_param_buffer_size) {
            block.size = *static_cast<const std::size_t*>(extra[1]);
        } else {
            block.is_valid = false;
            break;
        }
    }

    return block;
}

struct Launch {
    std::shared_ptr<Module> module;
    std::string entry;
    std::uint32_t grid[3];
    std::uint32_t block[3];
    std::vector<std::byte> parameters;

    int operator()() const {
        {
            const std::lock_guard lock(state().mutex);
            // A graph that outlived its module.
            if (!module->is_loaded) {
                return misuse(cuda::error_invalid_handle);
            }

            ++state().launches[entry];
        }

        try {
            module->ptx.launch(entry, grid, block, parameters.data(), parameters.size());
            return 0;
        } catch (const std::exception&) {
            return launch_failed;
        }
    }
};

}  // namespace

int cuModuleLoadDataEx(cuda::Module* module, const void* image, unsigned int count, int* options, void** values) {
    {
        const std::lock_guard lock(state().mutex);
        if (const int result = enter_in_context("cuModuleLoadDataEx")) {
            return result;
        }

        if (const int result = forbid_while_capturing()) {
            return result;
        }
    }

    try {
        auto loaded = std::make_shared<Module>(ptx::Module::parse(static_cast<const char*>(image)));
        const std::lock_guard lock(state().mutex);
        *module = state().modules.add<cuda::Module>(std::move(loaded));
        return 0;
    } catch (const std::exception& exception) {
        log_error(exception.what(), count, options, values);
        return invalid_ptx;
    }
}

int cuModuleUnload(cuda::Module module) {
    const std::lock_guard lock(state().mutex);
    const int result = enter("cuModuleUnload");
    if (result == 0 && is_capturing_thread()) {
        return forbid_while_capturing();
    }

    const auto found = state().modules.find(module);
    if (!found) {
        return misuse(cuda::error_invalid_handle);
    }

    found->is_loaded = false;
    for (const auto& entry : found->functions) {
        state().functions.erase(entry.second.get());
    }

    state().modules.remove(module);
    return result;
}

int cuModuleGetFunction(cuda::Function* function, cuda::Module module, const char* name) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter_in_context("cuModuleGetFunction")) {
        return result;
    }

    const auto found = state().modules.find(module);
    if (!found) {
        return misuse(cuda::error_invalid_handle);
    }

    if (!found->ptx.has_entry(name)) {
        return cuda::error_not_found;
    }

    auto& entry = found->functions[name];
    if (!entry) {
        entry = std::make_unique<Function>(Function{found.get(), name});
        state().functions.insert(entry.get());
    }

    *function = reinterpret_cast<cuda::Function>(entry.get());
    return 0;
}

int cuFuncGetAttribute(int* value, int attribute, cuda::Function function) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter_in_context("cuFuncGetAttribute")) {
        return result;
    }

    if (!state().functions.contains(reinterpret_cast<Function*>(function)) ||
        attribute != cuda::func_attribute_max_threads_per_block) {
        return misuse(cuda::error_invalid_value);
    }

    *value = 1024;
    return 0;
}

int cuLaunchKernel(cuda::Function function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z,
                   unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_memory,
                   cuda::Stream stream, void** parameters, void** extra) {
    std::unique_lock lock(state().mutex);
    if (const int result = enter_in_context("cuLaunchKernel")) {
        return result;
    }

    const auto* called = reinterpret_cast<Function*>(function);
    if (!state().functions.contains(const_cast<Function*>(called))) {
        return misuse(cuda::error_invalid_handle);
    }

    const Block block = read_extra(extra);
    const auto module = state().modules.find(called->module);
    if (!block.is_valid || parameters != nullptr || block.size != module->ptx.parameter_size(called->entry) ||
        std::uint64_t{block_x} * block_y * block_z > 1024 || grid_x == 0 || grid_y == 0 || grid_z == 0 ||
        block_x == 0 || block_y == 0 || block_z == 0 || grid_y > 65535 || grid_z > 65535 || shared_memory > 48 * 1024) {
        return cuda::error_invalid_value;
    }

    Launch launch{module, called->entry, {grid_x, grid_y, grid_z}, {block_x, block_y, block_z}, {}};
    const auto* bytes = static_cast<const std::byte*>(block.data);
    launch.parameters.assign(bytes, bytes + block.size);
    return enqueue(lock, stream, std::move(launch));
}

int cuLaunchHostFunc(cuda::Stream stream, cuda::HostFunction function, void* user) {
    std::unique_lock lock(state().mutex);
    if (const int result = enter_in_context("cuLaunchHostFunc")) {
        return result;
    }

    return enqueue(lock, stream, [=] {
        function(user);
        return 0;
    });
}
