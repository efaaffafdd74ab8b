#include <exception>
#include <iostream>

#include "checks.hpp"
#include "table.hpp"

namespace {

void print_machine(const gpu_check::Session& session) {
    const lsrt_cuda_device& device = session.description();
    lsrt_runtime_info info{};
    info.struct_size = sizeof info;
    gpu_check::check(lsrt_runtime_info_get(&info));
    gpu_check::Table table({"what", "value"});
    table.add({"device", device.name});
    table.add(
        {"compute capability", std::to_string(device.compute_major) + "." + std::to_string(device.compute_minor)});
    table.add({"memory, MiB", std::to_string(device.total_memory >> 20)});
    table.add({"multiprocessors", std::to_string(device.multiprocessors)});
    table.add({"CUDA version of the driver", std::to_string(session.driver_version() / 1000) + "." +
                                                 std::to_string(session.driver_version() % 1000 / 10)});
    table.add({"runtime", std::to_string(info.version_major) + "." + std::to_string(info.version_minor) + "." +
                              std::to_string(info.version_patch)});
    table.add({"TensorRT headers", info.tensorrt_major == 0 ? "none" : std::to_string(info.tensorrt_version)});
    table.print(std::cout, "Machine");
}

}  // namespace

int main(int count, char** arguments) {
    try {
        const gpu_check::Options options = gpu_check::parse_options(count, arguments);
        if (options.is_help) {
            std::cout << gpu_check::usage;
            return 0;
        }

        const gpu_check::Session session(options.driver, options.device);
        print_machine(session);
        int failures = gpu_check::check_symbols(session);
        failures += gpu_check::check_cases(session, options);
        failures += gpu_check::check_copies(session, options);
        failures += gpu_check::check_engine(session, options);
        std::cout << "\n" << (failures == 0 ? "All is well.\n" : std::to_string(failures) + " FAILED\n");
        return failures == 0 ? 0 : 1;
    } catch (const gpu_check::UsageError& error) {
        std::cerr << "gpu-check: " << error.what() << "\n\n" << gpu_check::usage;
        return 2;
    } catch (const std::exception& error) {
        std::cerr << "gpu-check: " << error.what() << "\n";
        return 1;
    }
}
