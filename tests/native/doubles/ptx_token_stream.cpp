#include "ptx_token_stream.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace ptx {

TokenStream::TokenStream(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

const Token& TokenStream::peek(std::size_t ahead) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }

Token TokenStream::next() {
    const Token token = peek();
    ++at_;
    return token;
}

bool TokenStream::take(std::string_view text) {
    if (peek().kind == TokenKind::end || peek().text != text) {
        return false;
    }
    ++at_;
    return true;
}

void TokenStream::expect(std::string_view text) {
    if (!take(text)) {
        fail_expected("'" + std::string(text) + "'");
    }
}

Token TokenStream::expect_word(std::string_view what) {
    if (peek().kind != TokenKind::word) {
        fail_expected(what);
    }
    return next();
}

std::uint64_t TokenStream::expect_count(std::string_view what) {
    constexpr std::uint64_t largest = 1U << 20U;
    if (peek().kind != TokenKind::number) {
        fail_expected(what);
    }
    const Token token = next();
    const std::uint64_t count = parse_unsigned(token);
    if (count == 0 || count > largest) {
        fail(token.line, std::string(what) + " is out of range: " + std::string(token.text));
    }
    return count;
}

void TokenStream::fail_expected(std::string_view what) const {
    fail(peek().line, "expected " + std::string(what) + ", found '" + std::string(peek().text) + "'");
}

std::uint64_t parse_unsigned(const Token& token) {
    std::string_view digits = token.text;
    const bool is_hexadecimal = digits.starts_with("0x") || digits.starts_with("0X");
    if (is_hexadecimal) {
        digits.remove_prefix(2);
    }
    if (digits.ends_with('U')) {
        digits.remove_suffix(1);
    }
    const bool is_octal = !is_hexadecimal && digits.size() > 1 && digits.front() == '0';
    std::uint64_t value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value, is_hexadecimal ? 16 : 10);
    if (error != std::errc{} || stop != end || is_octal) {
        fail(token.line, "'" + std::string(token.text) + "' is not a decimal or hexadecimal integer of 64 bits");
    }
    return value;
}

}  // namespace ptx
