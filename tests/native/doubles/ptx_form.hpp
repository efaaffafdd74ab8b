#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ptx_instruction.hpp"
#include "ptx_value.hpp"

namespace ptx {

enum class Type { pred, b8, b16, b32, b64, u8, u16, u32, u64, s8, s16, s32, s64, f16, f32, f64 };

/// Sets of types, to say which an instruction takes.
enum Kinds : unsigned {
    kind_pred = 1,
    kind_bits = 2,
    kind_unsigned = 4,
    kind_signed = 8,
    kind_float = 16,
    kind_integer = kind_unsigned | kind_signed,
};

Kinds kind_of(Type type);
std::uint32_t bits_of(Type type);  // 1 for a predicate

/// Reads "f32" or "pred"; returns false if that names no type.
bool parse_type(std::string_view name, Type& type);

/// An instruction's name taken to pieces: "cvt.rn.f32.u8" is `cvt` with three modifiers, taken in their order.
class Mnemonic {
  public:
    Mnemonic(std::string_view text, std::uint32_t line);

    std::string_view opcode() const { return opcode_; }
    std::uint32_t line() const { return line_; }

    /// Whether that modifier is next; if so it is used up.
    bool take(std::string_view modifier);

    /// The next modifier, a type of one of those kinds with at least that many bits; fails otherwise.
    Type take_type(unsigned kinds, std::uint32_t minimum_bits = 16);

    /// Fails if a modifier is left.
    void finish() const;

    [[noreturn]] void fail_unknown() const;
    [[noreturn]] void fail_because(const std::string& what) const;

  private:
    std::string_view text_;
    std::string_view opcode_;
    std::vector<std::string_view> modifiers_;
    std::size_t next_ = 0;
    std::uint32_t line_;
};

/// What an instruction that only computes does, and on operands of which types.
struct Form {
    Handler execute = nullptr;
    Type destination{};
    std::vector<Type> sources;
    std::int64_t immediate = 0;
    bool wide_registers = false;  // registers may be wider than their operands, as in cvt

    /// If set, a second step on the result of the first and, if `has_extra`, on one more predicate.
    Handler second = nullptr;
    bool has_extra = false;
};

/// The form of any instruction but those that move data, touch memory or branch. Throws std::runtime_error for an
/// instruction that is not known.
Form find_form(Mnemonic& mnemonic);

Form convert_form(Mnemonic& mnemonic);
Form compare_form(Mnemonic& mnemonic);

}  // namespace ptx
