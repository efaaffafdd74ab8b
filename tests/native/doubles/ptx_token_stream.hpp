#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "ptx_lexer.hpp"

namespace ptx {

/// A place in the tokens of a text.
class TokenStream {
  public:
    explicit TokenStream(std::vector<Token> tokens);

    const Token& peek(std::size_t ahead = 0) const;
    Token next();

    /// Whether the next token is this one; if so it is used up.
    bool take(std::string_view text);

    /// Each fails, naming what was found, if the next token is another.
    void expect(std::string_view text);
    Token expect_word(std::string_view what);
    std::uint64_t expect_count(std::string_view what);

  private:
    [[noreturn]] void fail_expected(std::string_view what) const;

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
};

/// Reads a decimal or hexadecimal number; fails at its line if it is none or exceeds 64 bits.
std::uint64_t parse_unsigned(const Token& token);

}  // namespace ptx
