#include "ptx_interpreter.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "ptx_parser.hpp"

namespace ptx {

namespace {

// Far beyond the longest thread of any kernel here, yet less than a second.
constexpr std::uint32_t instruction_budget = 1U << 26U;

using Dimensions = const std::uint32_t (&)[3];

std::string text_of(Dimensions position) {
    return "(" + std::to_string(position[0]) + ", " + std::to_string(position[1]) + ", " + std::to_string(position[2]) +
           ")";
}

/// Memory that is aligned for every parameter and local variable.
class AlignedBytes {
  public:
    explicit AlignedBytes(std::size_t size) : blocks_(size / sizeof(AlignedBlock) + 1) {}

    void* data() { return blocks_.data(); }
    std::uint64_t address() { return static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(data())); }

    void fill(std::uint64_t word) {
        for (AlignedBlock& block : blocks_) {
            std::fill(std::begin(block.words), std::end(block.words), word);
        }
    }

  private:
    struct alignas(std::max_align_t) AlignedBlock {
        std::uint64_t words[2];
    };

    std::vector<AlignedBlock> blocks_;
};

class Launch {
  public:
    Launch(std::string_view name, const Entry& entry, Dimensions grid, Dimensions block, const void* parameters)
        : name_(name),
          entry_(entry),
          parameters_(entry.parameter_size),
          locals_(entry.local_size),
          initial_(entry.registers) {
        if (entry.parameter_size != 0) {
            std::memcpy(parameters_.data(), parameters, entry.parameter_size);
        }
        std::copy(std::begin(block), std::end(block), initial_.begin() + slot_block_size);
        std::copy(std::begin(grid), std::end(grid), initial_.begin() + slot_grid_size);
        initial_[slot_parameters] = parameters_.address();
        initial_[slot_locals] = locals_.address();
    }

    void run_thread(Dimensions block, Dimensions thread) {
        registers_ = initial_;
        if (entry_.local_size != 0) {
            locals_.fill(garbage);
        }
        std::copy(std::begin(block), std::end(block), registers_.begin() + slot_block);
        std::copy(std::begin(thread), std::end(thread), registers_.begin() + slot_thread);
        const Instruction* next = entry_.code.data();
        const Instruction* current = next;
        try {
            for (std::uint32_t left = instruction_budget; next != nullptr; --left) {
                current = next;
                if (left == 0) {
                    throw Fault("a thread has run " + std::to_string(instruction_budget) +
                                " instructions and does not end");
                }
                const bool is_run = (registers_[current->guard] != 0) == current->guard_value;
                next = is_run ? current->execute(*current, registers_.data()) : current + 1;
            }
        } catch (const Fault& fault) {
            throw std::runtime_error("PTX, line " + std::to_string(current->line) + ": " + std::string(name_) +
                                     ", thread " + text_of(thread) + " of block " + text_of(block) + ": " +
                                     fault.what());
        }
    }

  private:
    std::string_view name_;
    const Entry& entry_;
    AlignedBytes parameters_;
    AlignedBytes locals_;
    std::vector<std::uint64_t> initial_;
    std::vector<std::uint64_t> registers_;
};

/// Calls visit(position) for every position below the extent, x fastest.
template <typename Visit>
void for_each(Dimensions extent, Visit visit) {
    std::uint32_t position[3];
    for (position[2] = 0; position[2] < extent[2]; ++position[2]) {
        for (position[1] = 0; position[1] < extent[1]; ++position[1]) {
            for (position[0] = 0; position[0] < extent[0]; ++position[0]) {
                visit(position);
            }
        }
    }
}

const Entry& find_entry(const Program& program, std::string_view name) {
    const auto found = program.entries.find(name);
    if (found == program.entries.end()) {
        throw std::runtime_error("the module has no entry '" + std::string(name) + "'");
    }
    return found->second;
}

void check_launch(std::string_view name, const Entry& entry, Dimensions grid, Dimensions block, std::size_t size) {
    const std::string launch = "launch of " + std::string(name) + ": ";
    if (std::count(std::begin(grid), std::end(grid), 0U) + std::count(std::begin(block), std::end(block), 0U) != 0) {
        throw std::runtime_error(launch + "grid " + text_of(grid) + ", block " + text_of(block) + ": none may be 0");
    }
    // Bounded one by one first, so that the product cannot overflow.
    const bool is_wide = std::any_of(std::begin(block), std::end(block),
                                     [&](std::uint32_t extent) { return extent > entry.maximum_block; });
    if (is_wide || std::uint64_t{block[0]} * block[1] * block[2] > entry.maximum_block) {
        throw std::runtime_error(launch + "block " + text_of(block) + " exceeds " +
                                 std::to_string(entry.maximum_block) + " threads");
    }
    if (size != entry.parameter_size) {
        throw std::runtime_error(launch + "the parameters take " + std::to_string(entry.parameter_size) + " bytes, " +
                                 std::to_string(size) + " were given");
    }
}

}  // namespace

Module::Module(std::unique_ptr<const Program> program) : program_(std::move(program)) {}
Module::Module(Module&& other) noexcept = default;
Module& Module::operator=(Module&& other) noexcept = default;
Module::~Module() = default;

Module Module::parse(std::string_view text) { return Module(std::make_unique<const Program>(parse_program(text))); }

bool Module::has_entry(std::string_view name) const { return program_->entries.contains(name); }

std::size_t Module::parameter_size(std::string_view name) const { return find_entry(*program_, name).parameter_size; }

const std::vector<Parameter>& Module::parameters(std::string_view name) const {
    return find_entry(*program_, name).parameters;
}

void Module::launch(std::string_view name, const std::uint32_t (&grid)[3], const std::uint32_t (&block)[3],
                    const void* parameters, std::size_t size) const {
    const Entry& entry = find_entry(*program_, name);
    check_launch(name, entry, grid, block, size);
    Launch launch(name, entry, grid, block, parameters);
    for_each(grid, [&](Dimensions at_block) {
        for_each(block, [&](Dimensions at_thread) { launch.run_thread(at_block, at_thread); });
    });
}

}  // namespace ptx
