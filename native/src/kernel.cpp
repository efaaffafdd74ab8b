#include "kernel.hpp"

#include <iterator>
#include <string>

#include "cuda_results.hpp"
#include "error.hpp"

namespace lsrt {

Module::Module(Device& device, std::string_view ptx) : device_(device) {
    require(!ptx.empty(), "the PTX is empty");
    const std::string text(ptx);  // closed by a zero, as the driver wants it
    std::string log(8192, '\0');
    int options[] = {cuda::jit_error_log_buffer, cuda::jit_error_log_buffer_size_bytes};
    // A number is handed over in the place of a pointer.
    void* values[] = {log.data(), reinterpret_cast<void*>(log.size() - 1)};
    const AllocationScope scope(device);
    const cuda::Result result = device.api().cuModuleLoadDataEx(
        &handle_, text.c_str(), static_cast<unsigned int>(std::size(options)), options, values);
    if (result != cuda::success && status_of(result, LSRT_STATUS_DRIVER) == LSRT_STATUS_KERNEL_COMPILATION) {
        const std::string reason = log.c_str();
        throw Failure(LSRT_STATUS_KERNEL_COMPILATION, device.driver().describe(result, "cuModuleLoadDataEx") +
                                                          (reason.empty() ? "" : "; the compiler's log: ") + reason);
    }

    device.check(result, "cuModuleLoadDataEx");
}

Module::~Module() {
    const ContextScope context(device_, std::nothrow);
    device_.api().cuModuleUnload(handle_);
}

Kernel::Kernel(const Module& module, const char* entry) : device_(module.device()) {
    require(entry != nullptr, "the entry's name is null");
    const AllocationScope scope(device_);
    const cuda::Result result = device_.api().cuModuleGetFunction(&function_, module.handle(), entry);
    if (result == cuda::error_not_found) {
        throw Failure(LSRT_STATUS_INVALID_ARGUMENT, std::string("the module has no entry '") + entry + "'");
    }

    device_.check(result, "cuModuleGetFunction");
    // Drivers load functions lazily. Asking for an attribute loads this one now, not at its first launch, which may be
    // inside a capture.
    int threads = 0;
    device_.check(device_.api().cuFuncGetAttribute(&threads, cuda::func_attribute_max_threads_per_block, function_),
                  "cuFuncGetAttribute");
}

void Kernel::launch(Stream& stream, const lsrt_launch& launch, const void* parameters, std::int64_t size) const {
    require(&stream.device() == &device_, "stream and kernel are of different devices");
    require(launch.grid_x > 0 && launch.grid_y > 0 && launch.grid_z > 0 && launch.block_x > 0 && launch.block_y > 0 &&
                launch.block_z > 0,
            "an extent of the grid or the block is 0");
    require(launch.reserved == 0, "reserved is not 0");
    require(size >= 0 && (size == 0 || parameters != nullptr), "the parameters are null");
    auto bytes = static_cast<std::size_t>(size);
    // The driver reads the parameters during the call only; its interface lacks the const.
    void* extra[] = {cuda::launch_param_buffer_pointer, const_cast<void*>(parameters), cuda::launch_param_buffer_size,
                     &bytes, cuda::launch_param_end};
    const ContextScope context(device_);
    const bool is_recording = device_.is_recording(stream.handle());
    device_.check_enqueued(
        device_.api().cuLaunchKernel(function_, launch.grid_x, launch.grid_y, launch.grid_z, launch.block_x,
                                     launch.block_y, launch.block_z, launch.shared_memory, stream.handle(), nullptr,
                                     size > 0 ? extra : nullptr),
        "cuLaunchKernel", is_recording, LSRT_STATUS_LAUNCH);
    if (!is_recording) {
        ++device_.counters().kernel_launches;
    }
}

}  // namespace lsrt
