#pragma once

#include "ptx_operands.hpp"

namespace ptx {

/// Reads one statement of an entry's body after another: labels and instructions.
class StatementParser {
  public:
    StatementParser(TokenStream& tokens, EntryBuilder& builder)
        : tokens_(tokens), builder_(builder), operands_(tokens, builder) {}

    /// Throws std::runtime_error, naming line and instruction, at anything that is not known.
    void parse_statement();

  private:
    void parse_label();
    void parse_branch_targets(const Token& label);
    Instruction parse_guard();
    void parse_instruction(Mnemonic& mnemonic, Instruction instruction);
    void parse_branch(Mnemonic& mnemonic, Instruction instruction);
    void parse_indexed_branch(Mnemonic& mnemonic, Instruction instruction);
    void parse_move(Mnemonic& mnemonic, Instruction instruction);
    void parse_address_conversion(Mnemonic& mnemonic, Instruction instruction);
    void parse_access(Mnemonic& mnemonic, Instruction instruction, bool is_load);
    void parse_computation(Mnemonic& mnemonic, Instruction instruction);
    void emit_vector_address(Instruction instruction, Address& address, std::uint32_t size);

    TokenStream& tokens_;
    EntryBuilder& builder_;
    OperandParser operands_;
};

}  // namespace ptx
