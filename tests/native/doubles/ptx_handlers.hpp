#pragma once

#include "ptx_form.hpp"

/// The handlers of instructions that move data, touch memory or branch.
namespace ptx {

/// Jumps by Instruction::branch.
const Instruction* run_branch(const Instruction& instruction, std::uint64_t* registers);

/// Jumps to one of the sources[1] instructions that follow, by the value of the first source. Throws Fault beyond them.
const Instruction* run_indexed_branch(const Instruction& instruction, std::uint64_t* registers);

const Instruction* run_return(const Instruction& instruction, std::uint64_t* registers);
const Instruction* run_trap(const Instruction& instruction, std::uint64_t* registers);
const Instruction* run_move(const Instruction& instruction, std::uint64_t* registers);

/// The first source plus the immediate.
const Instruction* run_address(const Instruction& instruction, std::uint64_t* registers);

/// The same; throws Fault unless it is a multiple of sources[1].
const Instruction* run_vector_address(const Instruction& instruction, std::uint64_t* registers);

/// At the address in the first source plus the immediate. They throw Fault at an address that is not a multiple of the
/// type's size, as a GPU would, or close to null.
Handler load_handler(Type type);

/// Of the second source.
Handler store_handler(Type type);

}  // namespace ptx
