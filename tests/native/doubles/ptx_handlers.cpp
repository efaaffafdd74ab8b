#include "ptx_handlers.hpp"

#include <charconv>
#include <cstring>

#include "ptx_run.hpp"

namespace ptx {

namespace {

[[noreturn]] void fail_access(std::uint64_t address, std::uint64_t alignment) {
    char digits[16];
    const auto written = std::to_chars(digits, digits + sizeof digits, address, 16);
    throw Fault("access to 0x" + std::string(digits, written.ptr) + ", which is " +
                (address % alignment != 0 ? "not a multiple of " + std::to_string(alignment) : "close to null"));
}

void check_access(std::uint64_t address, std::uint64_t alignment) {
    constexpr std::uint64_t lowest = 4096;
    if (address % alignment != 0 || address < lowest) {
        fail_access(address, alignment);
    }
}

template <typename T>
T* pointer_of(const Instruction& instruction, const std::uint64_t* registers) {
    const std::uint64_t address = registers[instruction.sources[0]] + static_cast<std::uint64_t>(instruction.immediate);
    check_access(address, sizeof(T));
    return reinterpret_cast<T*>(static_cast<std::uintptr_t>(address));
}

// Copied, since the memory may hold objects of another type.
template <typename T>
const Instruction* run_load(const Instruction& instruction, std::uint64_t* registers) {
    T value;
    std::memcpy(&value, pointer_of<const T>(instruction, registers), sizeof value);
    registers[instruction.destination] = write(value);
    return &instruction + 1;
}

template <typename T>
const Instruction* run_store(const Instruction& instruction, std::uint64_t* registers) {
    const T value = read<T>(registers[instruction.sources[1]]);
    std::memcpy(pointer_of<T>(instruction, registers), &value, sizeof value);
    return &instruction + 1;
}

}  // namespace

const Instruction* run_branch(const Instruction& instruction, std::uint64_t* /*registers*/) {
    return &instruction + instruction.branch;
}

const Instruction* run_indexed_branch(const Instruction& instruction, std::uint64_t* registers) {
    const std::uint32_t index = read<std::uint32_t>(registers[instruction.sources[0]]);
    if (index >= instruction.sources[1]) {
        throw Fault("branch to target " + std::to_string(index) + " of " + std::to_string(instruction.sources[1]));
    }
    return &instruction + 1 + index;
}

const Instruction* run_return(const Instruction& /*instruction*/, std::uint64_t* /*registers*/) { return nullptr; }

const Instruction* run_trap(const Instruction& /*instruction*/, std::uint64_t* /*registers*/) { throw Fault("trap"); }

const Instruction* run_move(const Instruction& instruction, std::uint64_t* registers) {
    registers[instruction.destination] = registers[instruction.sources[0]];
    return &instruction + 1;
}

const Instruction* run_address(const Instruction& instruction, std::uint64_t* registers) {
    registers[instruction.destination] =
        registers[instruction.sources[0]] + static_cast<std::uint64_t>(instruction.immediate);
    return &instruction + 1;
}

const Instruction* run_vector_address(const Instruction& instruction, std::uint64_t* registers) {
    const Instruction* const next = run_address(instruction, registers);
    check_access(registers[instruction.destination], instruction.sources[1]);
    return next;
}

Handler load_handler(Type type) {
    return with_type(type, []<typename T>() -> Handler { return &run_load<T>; });
}

Handler store_handler(Type type) {
    return with_type(type, []<typename T>() -> Handler { return &run_store<T>; });
}

}  // namespace ptx
