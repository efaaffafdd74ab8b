#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ptx_interpreter.hpp"

namespace ptx {

struct Instruction;

/// Executes one instruction and returns the next one, null at the end of the thread.
using Handler = const Instruction* (*)(const Instruction&, std::uint64_t* registers);

/// A decoded instruction. Operands are slots of the register file; constants have slots of their own, so that a handler
/// need not tell them apart.
struct Instruction {
    Handler execute = nullptr;
    std::uint32_t destination = 0;
    std::uint32_t sources[3] = {};
    std::uint32_t guard = 0;     // the slot of the predicate
    bool guard_value = true;     // what that predicate must be for the instruction to run
    std::uint32_t line = 0;      // of the text
    std::int64_t immediate = 0;  // bytes added to an address, or how a conversion rounds and saturates
    std::ptrdiff_t branch = 0;   // distance to the target
};

/// What a thread does wrong on its way; the launch adds where and by whom.
class Fault : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The slots that every entry has, before those of its registers and constants.
enum Slot : std::uint32_t {
    slot_true,
    slot_thread,                        // %tid.x, .y, .z
    slot_block_size = slot_thread + 3,  // %ntid
    slot_block = slot_block_size + 3,   // %ctaid
    slot_grid_size = slot_block + 3,    // %nctaid
    slot_parameters = slot_grid_size + 3,
    slot_locals,
    slot_scratch,  // between the steps of an instruction that takes several
    slot_count
};

/// What registers and local memory hold before they are written: a NaN as a float and a wild value as anything else, so
/// that a kernel that relies on it is seen to fail, the same way every time.
constexpr std::uint64_t garbage = 0xFFF8BAADFFC0BAAD;

struct Entry {
    std::vector<Parameter> parameters;
    std::size_t parameter_size = 0;
    std::size_t local_size = 0;
    std::uint64_t maximum_block = 1024;
    std::vector<std::uint64_t> registers;  // as a thread finds them: constants in place, the rest filled with garbage
    std::vector<Instruction> code;
};

struct Program {
    std::map<std::string, Entry, std::less<>> entries;
};

}  // namespace ptx
