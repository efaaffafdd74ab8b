#pragma once

#include <string>
#include <vector>

namespace gpu_check {

/// How many functions of the driver the runtime uses.
std::size_t symbol_count();

/// The functions that the runtime uses and the loaded driver library does not export under their names.
std::vector<std::string> missing_symbols(const std::string& driver_path);

}  // namespace gpu_check
