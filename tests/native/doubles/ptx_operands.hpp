#pragma once

#include "ptx_entry_builder.hpp"
#include "ptx_token_stream.hpp"

namespace ptx {

/// Where a load or store goes: the slot of a base address and what is added to it.
struct Address {
    std::uint32_t base;
    std::int64_t offset;
};

/// Reads the operands of an instruction. Every function fails, at the operand's line, where the operand does not suit.
class OperandParser {
  public:
    OperandParser(TokenStream& tokens, EntryBuilder& builder) : tokens_(tokens), builder_(builder) {}

    /// A register or a constant. With `wide` the register may be wider than the type, if that is no float.
    std::uint32_t source(Type type, bool wide = false);

    /// A register that may be written.
    std::uint32_t destination(Type type, bool wide = false);

    /// The [address] of `size` bytes in a state space: "param", "global", "local", or "" for the generic one.
    Address address(std::string_view space, std::int64_t size);

  private:
    const EntryBuilder::Register& expect_register(const Token& name, Type type, bool wide) const;
    std::uint64_t parse_constant(Type type);

    TokenStream& tokens_;
    EntryBuilder& builder_;
};

}  // namespace ptx
