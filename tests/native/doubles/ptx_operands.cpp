#include "ptx_operands.hpp"

#include <bit>
#include <charconv>
#include <string>

namespace ptx {

namespace {

bool suits(Type operand, Type declared, bool wide) {
    if ((operand == Type::pred) != (declared == Type::pred)) {
        return false;
    }
    const bool has_float = kind_of(operand) == kind_float || kind_of(declared) == kind_float;
    const bool has_bits = kind_of(operand) == kind_bits || kind_of(declared) == kind_bits;
    if (has_float && !has_bits && operand != declared) {
        return false;
    }
    return wide && !has_float ? bits_of(declared) >= bits_of(operand) : bits_of(declared) == bits_of(operand);
}

// 0f and 0d are followed by the bits of a number in hexadecimal digits.
bool parse_float_bits(const Token& token, std::uint64_t& bits) {
    const std::string_view text = token.text;
    const bool is_single = text.starts_with("0f") || text.starts_with("0F");
    const bool is_double = text.starts_with("0d") || text.starts_with("0D");
    if (!is_single && !is_double) {
        return false;
    }
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + 2, end, bits, 16);
    if (error != std::errc{} || stop != end || text.size() != (is_single ? 10U : 18U)) {
        fail(token.line, "'" + std::string(text) + "' is not a floating-point constant");
    }
    return true;
}

[[noreturn]] void fail_type(const Token& token) {
    fail(token.line, "constant '" + std::string(token.text) + "' does not suit its instruction's type");
}

}  // namespace

std::uint64_t OperandParser::parse_constant(Type type) {
    const bool is_negative = tokens_.take("-");
    const Token token = tokens_.next();
    if (token.kind != TokenKind::number) {
        fail(token.line, "expected a number, found '" + std::string(token.text) + "'");
    }

    std::uint64_t bits = 0;
    if (parse_float_bits(token, bits)) {
        const bool is_untyped = kind_of(type) == kind_bits && !is_negative;
        const bool is_float = kind_of(type) == kind_float && !is_negative;
        if (!(is_untyped || is_float) || bits_of(type) != (token.text.size() == 10 ? 32U : 64U)) {
            fail_type(token);
        }
        return bits;
    }
    if (kind_of(type) == kind_float) {
        double value = 0;
        const char* const end = token.text.data() + token.text.size();
        const auto [stop, error] = std::from_chars(token.text.data(), end, value);
        if (error != std::errc{} || stop != end || token.text.find('.') == std::string_view::npos ||
            type == Type::f16) {
            fail_type(token);
        }
        value = is_negative ? -value : value;
        return type == Type::f64 ? write(value) : write(round_to_float(value, Rounding::nearest));
    }

    // A constant has 64 bits and is cut to its instruction's type; nothing but copies of the sign may be lost.
    const std::uint64_t magnitude = parse_unsigned(token);
    const std::uint32_t width = bits_of(type);
    const std::uint64_t limit = is_negative ? std::uint64_t{1} << (width - 1) : ~std::uint64_t{0} >> (64 - width);
    if (magnitude > limit || (is_negative && type == Type::pred)) {
        fail_type(token);
    }
    return is_negative ? 0 - magnitude : magnitude;
}

const EntryBuilder::Register& OperandParser::expect_register(const Token& name, Type type, bool wide) const {
    const EntryBuilder::Register* const found = builder_.find_register(name.text);
    if (found == nullptr) {
        fail(name.line, "unknown register '" + std::string(name.text) + "'");
    }
    if (!suits(type, found->type, wide)) {
        fail(name.line, "register '" + std::string(name.text) + "' does not suit its instruction's type");
    }
    return *found;
}

std::uint32_t OperandParser::source(Type type, bool wide) {
    if (tokens_.peek().kind != TokenKind::word) {
        return builder_.constant(parse_constant(type));
    }
    return expect_register(tokens_.next(), type, wide).slot;
}

std::uint32_t OperandParser::destination(Type type, bool wide) {
    const Token name = tokens_.expect_word("a register");
    const std::uint32_t slot = expect_register(name, type, wide).slot;
    if (slot < slot_count) {
        fail(name.line, "'" + std::string(name.text) + "' cannot be written");
    }
    return slot;
}

Address OperandParser::address(std::string_view space, std::int64_t size) {
    tokens_.expect("[");
    const Token name = tokens_.expect_word("an address");
    std::int64_t offset = 0;
    const bool is_negative = tokens_.peek().text == "-";
    if (tokens_.take("+") || tokens_.take("-")) {
        const Token token = tokens_.next();
        const std::uint64_t magnitude = parse_unsigned(token);
        if (magnitude > 0x7FFFFFFF) {
            fail(token.line, "offset " + std::string(token.text) + " is out of range");
        }
        offset = is_negative ? -static_cast<std::int64_t>(magnitude) : static_cast<std::int64_t>(magnitude);
    }
    tokens_.expect("]");

    const bool is_parameter = space == "param";
    const EntryBuilder::Memory* variable = nullptr;
    if (is_parameter) {
        variable = builder_.find_parameter(name.text);
        if (variable == nullptr) {
            fail(name.line, "unknown parameter '" + std::string(name.text) + "'");
        }
    } else if (space == "local") {
        variable = builder_.find_local(name.text);
    }
    if (variable == nullptr) {
        return {expect_register(name, Type::b64, false).slot, offset};
    }
    if (offset < 0 || offset + size > variable->size) {
        fail(name.line, "the access leaves '" + std::string(name.text) + "'");
    }
    return {is_parameter ? slot_parameters : slot_locals, variable->offset + offset};
}

}  // namespace ptx
