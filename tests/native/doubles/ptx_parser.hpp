#pragma once

#include <string_view>

#include "ptx_instruction.hpp"

namespace ptx {

/// Throws std::runtime_error, naming the line, at anything that is not known.
Program parse_program(std::string_view text);

}  // namespace ptx
