#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ptx {

enum class TokenKind { word, number, punctuation, end };

struct Token {
    TokenKind kind;
    std::string_view text;
    std::uint32_t line;
};

/// Throws std::runtime_error: "PTX, line `line`: `what`".
[[noreturn]] void fail(std::uint32_t line, const std::string& what);

/// Splits the text, which must outlive the tokens, into words (names, directives, mnemonics), numbers and single
/// characters; the last token is of kind `end`. Throws std::runtime_error at a character that PTX has no use for.
std::vector<Token> tokenize(std::string_view text);

}  // namespace ptx
