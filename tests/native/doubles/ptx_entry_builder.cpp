#include "ptx_entry_builder.hpp"

#include <algorithm>
#include <utility>

#include "ptx_handlers.hpp"

namespace ptx {

namespace {

std::size_t align(std::size_t offset, std::size_t alignment) {
    return (offset + alignment - 1) / alignment * alignment;
}

template <typename Map>
auto find(const Map& map, std::string_view name) -> decltype(&map.begin()->second) {
    const auto found = map.find(name);
    return found == map.end() ? nullptr : &found->second;
}

}  // namespace

EntryBuilder::EntryBuilder() {
    entry_.registers.assign(slot_count, 0);
    entry_.registers[slot_true] = 1;
    constexpr std::string_view axes = "xyz";
    const std::pair<std::string_view, std::uint32_t> specials[] = {
        {"%tid.", slot_thread}, {"%ntid.", slot_block_size}, {"%ctaid.", slot_block}, {"%nctaid.", slot_grid_size}};
    for (const auto& [prefix, slot] : specials) {
        for (std::uint32_t axis = 0; axis < axes.size(); ++axis) {
            registers_.emplace(std::string(prefix) + axes[axis], Register{slot + axis, Type::u32});
        }
    }
}

void EntryBuilder::claim(const Token& name, std::string_view full_name) {
    const auto [taken, is_new] = lines_.emplace(full_name, name.line);
    if (!is_new) {
        fail(name.line, "'" + taken->first + "' is declared already, on line " + std::to_string(taken->second));
    }
}

void EntryBuilder::declare_register(const Token& name, std::string_view full_name, Type type) {
    claim(name, full_name);
    const auto slot = static_cast<std::uint32_t>(entry_.registers.size());
    registers_.emplace(full_name, Register{slot, type});
    entry_.registers.push_back(kind_of(type) == kind_pred ? 0 : garbage);
}

void EntryBuilder::declare_parameter(const Token& name, std::size_t size, std::size_t alignment) {
    claim(name, name.text);
    const std::size_t offset = align(entry_.parameter_size, alignment);
    entry_.parameters.push_back({offset, size});
    entry_.parameter_size = offset + size;
    parameters_[name.text] = {static_cast<std::int64_t>(offset), static_cast<std::int64_t>(size)};
}

void EntryBuilder::declare_local(const Token& name, std::size_t size, std::size_t alignment) {
    claim(name, name.text);
    const std::size_t offset = align(entry_.local_size, alignment);
    entry_.local_size = offset + size;
    locals_[name.text] = {static_cast<std::int64_t>(offset), static_cast<std::int64_t>(size)};
}

void EntryBuilder::declare_label(const Token& name) {
    claim(name, name.text);
    labels_[name.text] = entry_.code.size();
}

void EntryBuilder::declare_branch_targets(const Token& name, std::vector<Token> targets) {
    claim(name, name.text);
    targets_[name.text] = std::move(targets);
}

const EntryBuilder::Register* EntryBuilder::find_register(std::string_view name) const {
    return find(registers_, name);
}
const EntryBuilder::Memory* EntryBuilder::find_parameter(std::string_view name) const {
    return find(parameters_, name);
}
const EntryBuilder::Memory* EntryBuilder::find_local(std::string_view name) const { return find(locals_, name); }

const std::vector<Token>& EntryBuilder::branch_targets(const Token& name) const {
    const std::vector<Token>* const targets = find(targets_, name.text);
    if (targets == nullptr) {
        fail(name.line, "'" + std::string(name.text) + "' names no .branchtargets declared before");
    }
    return *targets;
}

std::uint32_t EntryBuilder::constant(std::uint64_t bits) {
    const auto [found, is_new] = constants_.emplace(bits, static_cast<std::uint32_t>(entry_.registers.size()));
    if (is_new) {
        entry_.registers.push_back(bits);
    }
    return found->second;
}

void EntryBuilder::emit(const Instruction& instruction) { entry_.code.push_back(instruction); }

void EntryBuilder::emit_branch(const Instruction& instruction, const Token& label) {
    references_.push_back({entry_.code.size(), label});
    emit(instruction);
}

void EntryBuilder::limit_block(std::uint64_t threads) {
    entry_.maximum_block = std::min(entry_.maximum_block, threads);
}

Entry EntryBuilder::finish() {
    Instruction end;
    end.execute = &run_return;
    emit(end);
    for (const Reference& reference : references_) {
        const std::size_t* const target = find(labels_, reference.label.text);
        if (target == nullptr) {
            fail(reference.label.line, "there is no label '" + std::string(reference.label.text) + "'");
        }
        entry_.code[reference.instruction].branch =
            static_cast<std::ptrdiff_t>(*target) - static_cast<std::ptrdiff_t>(reference.instruction);
    }
    return std::move(entry_);
}

}  // namespace ptx
