#include "ptx_statements.hpp"

#include <algorithm>
#include <utility>

#include "ptx_handlers.hpp"

namespace ptx {

namespace {

struct Refusal {
    std::string_view opcode;
    std::string_view reason;
};

constexpr std::string_view in_turn = "threads run one after another here, so they cannot work together";

constexpr Refusal refusals[] = {
    {"bar", in_turn},   {"barrier", in_turn}, {"membar", in_turn},     {"fence", in_turn},
    {"atom", in_turn},  {"red", in_turn},     {"shfl", in_turn},       {"vote", in_turn},
    {"match", in_turn}, {"redux", in_turn},   {"activemask", in_turn}, {"call", "functions are not supported"},
};

/// How caches are used makes no difference here.
void take_cache_operators(Mnemonic& mnemonic) {
    for (const std::string_view name : {"ca", "cg", "cs", "lu", "cv", "wb", "wt", "nc"}) {
        if (mnemonic.take(name)) {
            return;
        }
    }
}

std::string_view take_state_space(Mnemonic& mnemonic) {
    for (const std::string_view name : {"param", "global", "local"}) {
        if (mnemonic.take(name)) {
            return name;
        }
    }
    if (mnemonic.take("shared")) {
        mnemonic.fail_because("shared memory is not supported: " + std::string(in_turn));
    }
    return "";
}

}  // namespace

void StatementParser::parse_statement() {
    if (tokens_.peek(1).text == ":") {
        parse_label();
        return;
    }

    Instruction instruction = parse_guard();
    const Token name = tokens_.expect_word("an instruction");
    instruction.line = name.line;
    Mnemonic mnemonic(name.text, name.line);
    parse_instruction(mnemonic, instruction);
    tokens_.expect(";");
}

void StatementParser::parse_label() {
    const Token label = tokens_.expect_word("a label");
    tokens_.expect(":");
    if (tokens_.take(".branchtargets")) {
        parse_branch_targets(label);
    } else {
        builder_.declare_label(label);
    }
}

void StatementParser::parse_branch_targets(const Token& label) {
    std::vector<Token> targets;
    do {
        targets.push_back(tokens_.expect_word("a label"));
    } while (tokens_.take(","));
    tokens_.expect(";");
    builder_.declare_branch_targets(label, std::move(targets));
}

Instruction StatementParser::parse_guard() {
    Instruction instruction;
    instruction.guard = slot_true;
    if (tokens_.take("@")) {
        instruction.guard_value = !tokens_.take("!");
        instruction.guard = operands_.source(Type::pred);
    }
    return instruction;
}

void StatementParser::parse_instruction(Mnemonic& mnemonic, Instruction instruction) {
    const std::string_view opcode = mnemonic.opcode();
    for (const Refusal& refusal : refusals) {
        if (refusal.opcode == opcode) {
            mnemonic.fail_because(std::string(refusal.reason));
        }
    }

    if (opcode == "bra") {
        parse_branch(mnemonic, instruction);
    } else if (opcode == "brx") {
        parse_indexed_branch(mnemonic, instruction);
    } else if (opcode == "ret" || opcode == "exit" || opcode == "trap") {
        mnemonic.take("uni");
        mnemonic.finish();
        instruction.execute = opcode == "trap" ? &run_trap : &run_return;
        builder_.emit(instruction);
    } else if (opcode == "mov") {
        parse_move(mnemonic, instruction);
    } else if (opcode == "cvta") {
        parse_address_conversion(mnemonic, instruction);
    } else if (opcode == "ld" || opcode == "st") {
        parse_access(mnemonic, instruction, opcode == "ld");
    } else {
        parse_computation(mnemonic, instruction);
    }
}

void StatementParser::parse_branch(Mnemonic& mnemonic, Instruction instruction) {
    mnemonic.take("uni");
    mnemonic.finish();
    instruction.execute = &run_branch;
    builder_.emit_branch(instruction, tokens_.expect_word("a label"));
}

// The targets follow as branches of their own. A guard that does not hold leads past them all.
void StatementParser::parse_indexed_branch(Mnemonic& mnemonic, Instruction instruction) {
    if (!mnemonic.take("idx")) {
        mnemonic.fail_unknown();
    }
    mnemonic.take("uni");
    mnemonic.finish();

    const std::uint32_t index = operands_.source(Type::u32);
    tokens_.expect(",");
    const std::vector<Token>& targets = builder_.branch_targets(tokens_.expect_word("a list of targets"));
    Instruction skip = instruction;
    skip.execute = &run_branch;
    skip.guard_value = !skip.guard_value;
    skip.branch = static_cast<std::ptrdiff_t>(targets.size()) + 2;
    builder_.emit(skip);

    instruction.guard = slot_true;
    instruction.guard_value = true;
    instruction.execute = &run_indexed_branch;
    instruction.sources[0] = index;
    instruction.sources[1] = static_cast<std::uint32_t>(targets.size());
    builder_.emit(instruction);
    instruction.execute = &run_branch;
    for (const Token& target : targets) {
        builder_.emit_branch(instruction, target);
    }
}

void StatementParser::parse_move(Mnemonic& mnemonic, Instruction instruction) {
    const Type type = mnemonic.take_type(kind_pred | kind_bits | kind_integer | kind_float);
    mnemonic.finish();
    instruction.execute = &run_move;
    instruction.destination = operands_.destination(type);
    tokens_.expect(",");
    const EntryBuilder::Memory* const local = builder_.find_local(tokens_.peek().text);
    if (local == nullptr) {
        instruction.sources[0] = operands_.source(type);
    } else if (bits_of(type) == 64) {
        tokens_.next();
        instruction.execute = &run_address;
        instruction.sources[0] = slot_locals;
        instruction.immediate = local->offset;
    } else {
        mnemonic.fail_because("an address has 64 bits");
    }
    builder_.emit(instruction);
}

// All state spaces are windows of the host's one.
void StatementParser::parse_address_conversion(Mnemonic& mnemonic, Instruction instruction) {
    mnemonic.take("to");
    if (take_state_space(mnemonic).empty()) {
        mnemonic.fail_unknown();
    }
    const Type type = mnemonic.take_type(kind_unsigned, 64);
    mnemonic.finish();
    instruction.execute = &run_move;
    instruction.destination = operands_.destination(type);
    tokens_.expect(",");
    instruction.sources[0] = operands_.source(type);
    builder_.emit(instruction);
}

void StatementParser::parse_access(Mnemonic& mnemonic, Instruction instruction, bool is_load) {
    mnemonic.take("volatile");
    const std::string_view space = take_state_space(mnemonic);
    if (space == "param" && !is_load) {
        mnemonic.fail_because("parameters of a kernel cannot be written");
    }
    take_cache_operators(mnemonic);
    const std::uint32_t count = mnemonic.take("v2") ? 2 : (mnemonic.take("v4") ? 4 : 1);
    const Type type = mnemonic.take_type(kind_bits | kind_integer | kind_float, 8);
    mnemonic.finish();
    if (type == Type::f16) {
        mnemonic.fail_unknown();  // memory of halves is .b16
    }

    std::vector<std::uint32_t> elements;
    const auto parse_elements = [&] {
        if (count > 1) {
            tokens_.expect("{");
        }
        while (elements.size() < count) {
            if (!elements.empty()) {
                tokens_.expect(",");
            }
            elements.push_back(is_load ? operands_.destination(type, true) : operands_.source(type, true));
        }
        if (count > 1) {
            tokens_.expect("}");
        }
    };

    const std::uint32_t size = bits_of(type) / 8;
    Address address{};
    if (is_load) {
        parse_elements();
        tokens_.expect(",");
        address = operands_.address(space, size * count);
    } else {
        address = operands_.address(space, size * count);
        tokens_.expect(",");
        parse_elements();
    }

    if (count > 1) {
        emit_vector_address(instruction, address, size * count);
    }
    instruction.execute = is_load ? load_handler(type) : store_handler(type);
    instruction.sources[0] = address.base;
    instruction.immediate = address.offset;
    for (const std::uint32_t element : elements) {
        (is_load ? instruction.destination : instruction.sources[1]) = element;
        builder_.emit(instruction);
        instruction.immediate += size;
    }
}

// A copy of the address outlives the first element, which may be loaded into the register it came from; and a vector is
// aligned as a whole.
void StatementParser::emit_vector_address(Instruction instruction, Address& address, std::uint32_t size) {
    instruction.execute = &run_vector_address;
    instruction.destination = slot_scratch;
    instruction.sources[0] = address.base;
    instruction.sources[1] = size;
    instruction.immediate = address.offset;
    builder_.emit(instruction);
    address = {slot_scratch, 0};
}

void StatementParser::parse_computation(Mnemonic& mnemonic, Instruction instruction) {
    const Form form = find_form(mnemonic);
    const std::uint32_t destination = operands_.destination(form.destination, form.wide_registers);
    std::size_t index = 0;
    for (const Type type : form.sources) {
        tokens_.expect(",");
        instruction.sources[index++] = operands_.source(type, form.wide_registers);
    }
    std::uint32_t extra = slot_true;
    if (form.has_extra) {
        tokens_.expect(",");
        extra = operands_.source(Type::pred);
    }

    instruction.execute = form.execute;
    instruction.immediate = form.immediate;
    instruction.destination = form.second == nullptr ? destination : slot_scratch;
    builder_.emit(instruction);
    if (form.second != nullptr) {
        instruction.execute = form.second;
        instruction.destination = destination;
        instruction.sources[0] = slot_scratch;
        instruction.sources[1] = extra;
        builder_.emit(instruction);
    }
}

}  // namespace ptx
