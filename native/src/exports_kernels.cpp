#include "exports.hpp"
#include "objects.hpp"

using namespace lsrt;

lsrt_status lsrt_module_create(lsrt_device* device, const char* ptx, int64_t length, lsrt_module** module) {
    return guard([&] {
        auto& result = out(module);
        require(ptx != nullptr && length > 0, "the PTX is empty");
        result = new lsrt_module(checked(device).device, std::string_view(ptx, static_cast<std::size_t>(length)));
    });
}

lsrt_status lsrt_module_destroy(lsrt_module* module) {
    return guard([&] {
        if (module != nullptr) {
            module->module.device().retire(module);
        }
    });
}

lsrt_status lsrt_kernel_create(lsrt_module* module, const char* entry, lsrt_kernel** kernel) {
    return guard([&] {
        auto& result = out(kernel);
        result = new lsrt_kernel{{checked(module).module, entry}};
    });
}

lsrt_status lsrt_kernel_destroy(lsrt_kernel* kernel) {
    return guard([&] { delete kernel; });
}

lsrt_status lsrt_kernel_launch(lsrt_kernel* kernel, lsrt_stream* stream, const lsrt_launch* launch,
                               const void* parameters, int64_t size) {
    return guard([&] {
        require(launch != nullptr, "the launch is null");
        checked(kernel).kernel.launch(checked(stream).stream, read_options(launch), parameters, size);
    });
}
