#include "ptx_form.hpp"

#include <algorithm>
#include <array>

#include "ptx_lexer.hpp"

namespace ptx {

namespace {

struct TypeName {
    std::string_view name;
    Kinds kind;
    std::uint32_t bits;
};

// In the order of Type.
constexpr std::array<TypeName, 16> type_names{{
    {"pred", kind_pred, 1},
    {"b8", kind_bits, 8},
    {"b16", kind_bits, 16},
    {"b32", kind_bits, 32},
    {"b64", kind_bits, 64},
    {"u8", kind_unsigned, 8},
    {"u16", kind_unsigned, 16},
    {"u32", kind_unsigned, 32},
    {"u64", kind_unsigned, 64},
    {"s8", kind_signed, 8},
    {"s16", kind_signed, 16},
    {"s32", kind_signed, 32},
    {"s64", kind_signed, 64},
    {"f16", kind_float, 16},
    {"f32", kind_float, 32},
    {"f64", kind_float, 64},
}};

}  // namespace

Kinds kind_of(Type type) { return type_names[static_cast<std::size_t>(type)].kind; }

std::uint32_t bits_of(Type type) { return type_names[static_cast<std::size_t>(type)].bits; }

bool parse_type(std::string_view name, Type& type) {
    const auto* const found = std::find_if(type_names.data(), type_names.data() + type_names.size(),
                                           [&](const TypeName& candidate) { return candidate.name == name; });
    if (found == type_names.data() + type_names.size()) {
        return false;
    }
    type = static_cast<Type>(found - type_names.data());
    return true;
}

Mnemonic::Mnemonic(std::string_view text, std::uint32_t line) : text_(text), line_(line) {
    std::size_t dot = text.find('.');
    opcode_ = text.substr(0, dot);
    while (dot != std::string_view::npos) {
        const std::size_t start = dot + 1;
        dot = text.find('.', start);
        modifiers_.push_back(text.substr(start, dot == std::string_view::npos ? dot : dot - start));
    }
}

bool Mnemonic::take(std::string_view modifier) {
    if (next_ == modifiers_.size() || modifiers_[next_] != modifier) {
        return false;
    }
    ++next_;
    return true;
}

Type Mnemonic::take_type(unsigned kinds, std::uint32_t minimum_bits) {
    Type type{};
    if (next_ == modifiers_.size() || !parse_type(modifiers_[next_], type) || (kind_of(type) & kinds) == 0 ||
        (bits_of(type) < minimum_bits && kind_of(type) != kind_pred)) {
        fail_unknown();
    }
    ++next_;
    return type;
}

void Mnemonic::finish() const {
    if (next_ != modifiers_.size()) {
        fail_unknown();
    }
}

void Mnemonic::fail_unknown() const { fail(line_, "unknown instruction '" + std::string(text_) + "'"); }

void Mnemonic::fail_because(const std::string& what) const { fail(line_, "'" + std::string(text_) + "': " + what); }

}  // namespace ptx
