#include "ptx_lexer.hpp"

#include <algorithm>
#include <stdexcept>

namespace ptx {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool starts_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '%' || c == '$';
}

bool continues_word(char c) { return is_digit(c) || (starts_word(c) && c != '%'); }

// The exponent of a decimal number may have a sign: 1.5e-3. In a hexadecimal one an E is a digit.
bool continues_number(std::string_view text, std::size_t start, std::size_t at) {
    if (continues_word(text[at])) {
        return true;
    }
    const bool is_hexadecimal =
        text[start] == '0' && start + 1 < at && !is_digit(text[start + 1]) && text[start + 1] != '.';
    const bool after_exponent = at > start && (text[at - 1] == 'e' || text[at - 1] == 'E');
    return (text[at] == '-' || text[at] == '+') && after_exponent && !is_hexadecimal;
}

}  // namespace

void fail(std::uint32_t line, const std::string& what) {
    throw std::runtime_error("PTX, line " + std::to_string(line) + ": " + what);
}

std::vector<Token> tokenize(std::string_view text) {
    constexpr std::string_view punctuation = ",;:[](){}<>+-@!|=";
    std::vector<Token> tokens;
    std::uint32_t line = 1;
    std::size_t at = 0;
    while (at < text.size()) {
        const char c = text[at];
        const std::size_t start = at;
        if (c == '\n') {
            ++line;
            ++at;
        } else if (c == ' ' || c == '\t' || c == '\r') {
            ++at;
        } else if (text.substr(at, 2) == "//") {
            at = std::min(text.find('\n', at), text.size());
        } else if (text.substr(at, 2) == "/*") {
            const std::size_t end = text.find("*/", at + 2);
            if (end == std::string_view::npos) {
                fail(line, "a comment has no end");
            }
            line += static_cast<std::uint32_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(at),
                                                          text.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
            at = end + 2;
        } else if (starts_word(c)) {
            do {
                ++at;
            } while (at < text.size() && continues_word(text[at]));
            tokens.push_back({TokenKind::word, text.substr(start, at - start), line});
        } else if (is_digit(c)) {
            do {
                ++at;
            } while (at < text.size() && continues_number(text, start, at));
            tokens.push_back({TokenKind::number, text.substr(start, at - start), line});
        } else if (punctuation.find(c) != std::string_view::npos) {
            tokens.push_back({TokenKind::punctuation, text.substr(at++, 1), line});
        } else {
            fail(line, std::string("unexpected character '") + c + "'");
        }
    }
    tokens.push_back({TokenKind::end, "the end of the text", line});
    return tokens;
}

}  // namespace ptx
