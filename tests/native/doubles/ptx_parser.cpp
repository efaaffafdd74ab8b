#include "ptx_parser.hpp"

#include <algorithm>
#include <bit>
#include <string>
#include <utility>

#include "ptx_statements.hpp"

namespace ptx {

namespace {

/// Reads a directive such as ".b32" as a type of one of those kinds.
Type expect_type(TokenStream& tokens, unsigned kinds) {
    const Token token = tokens.expect_word("a type");
    Type type{};
    if (!token.text.starts_with('.') || !parse_type(token.text.substr(1), type) || (kind_of(type) & kinds) == 0) {
        fail(token.line, "expected a type, found '" + std::string(token.text) + "'");
    }
    return type;
}

struct Variable {
    Token name;
    std::size_t size;
    std::size_t alignment;
};

/// [.align N] .type name[count]
Variable parse_variable(TokenStream& tokens) {
    std::size_t alignment = 1;
    if (tokens.take(".align")) {
        const std::uint32_t line = tokens.peek().line;
        alignment = tokens.expect_count("an alignment");
        constexpr std::size_t largest = alignof(std::max_align_t);
        if (!std::has_single_bit(alignment) || alignment > largest) {
            fail(line, "an alignment is a power of two up to " + std::to_string(largest));
        }
    }
    const std::size_t element = bits_of(expect_type(tokens, kind_bits | kind_integer | kind_float)) / 8;
    const Token name = tokens.expect_word("a name");
    std::size_t count = 1;
    if (tokens.take("[")) {
        count = tokens.expect_count("a number of elements");
        tokens.expect("]");
    }
    return {name, element * count, std::max(alignment, element)};
}

void parse_parameters(TokenStream& tokens, EntryBuilder& builder) {
    if (!tokens.take("(") || tokens.take(")")) {
        return;
    }
    do {
        tokens.expect(".param");
        const Variable variable = parse_variable(tokens);
        builder.declare_parameter(variable.name, variable.size, variable.alignment);
    } while (tokens.take(","));
    tokens.expect(")");
}

/// .maxntid nx[, ny[, nz]] bounds the block; .minnctapersm is advice to the compiler.
void parse_tuning(TokenStream& tokens, EntryBuilder& builder) {
    while (true) {
        if (tokens.take(".maxntid")) {
            std::uint64_t threads = tokens.expect_count("a number of threads");
            while (tokens.take(",")) {
                threads *= tokens.expect_count("a number of threads");
            }
            builder.limit_block(threads);
        } else if (tokens.take(".minnctapersm")) {
            tokens.expect_count("a number of blocks");
        } else {
            return;
        }
    }
}

/// .reg .type name, or name<count>, which stands for name0 to name(count - 1).
void parse_registers(TokenStream& tokens, EntryBuilder& builder) {
    const Type type = expect_type(tokens, kind_pred | kind_bits | kind_integer | kind_float);
    do {
        const Token name = tokens.expect_word("a register");
        if (!tokens.take("<")) {
            builder.declare_register(name, name.text, type);
            continue;
        }
        const std::uint64_t count = tokens.expect_count("a number of registers");
        tokens.expect(">");
        for (std::uint64_t i = 0; i < count; ++i) {
            builder.declare_register(name, std::string(name.text) + std::to_string(i), type);
        }
    } while (tokens.take(","));
    tokens.expect(";");
}

void parse_body(TokenStream& tokens, EntryBuilder& builder) {
    StatementParser statements(tokens, builder);
    tokens.expect("{");
    while (!tokens.take("}")) {
        if (tokens.take(".reg")) {
            parse_registers(tokens, builder);
        } else if (tokens.take(".local")) {
            const Variable variable = parse_variable(tokens);
            builder.declare_local(variable.name, variable.size, variable.alignment);
            tokens.expect(";");
        } else {
            statements.parse_statement();
        }
    }
}

void parse_entry(TokenStream& tokens, Program& program) {
    const Token name = tokens.expect_word("the name of an entry");
    EntryBuilder builder;
    parse_parameters(tokens, builder);
    parse_tuning(tokens, builder);
    parse_body(tokens, builder);
    if (!program.entries.emplace(name.text, builder.finish()).second) {
        fail(name.line, "entry '" + std::string(name.text) + "' is defined already");
    }
}

/// .version 6.3 .target sm_75 .address_size 64
void parse_header(TokenStream& tokens) {
    tokens.expect(".version");
    tokens.next();
    tokens.expect(".target");
    tokens.expect_word("a target");
    tokens.expect(".address_size");
    tokens.expect("64");
}

}  // namespace

Program parse_program(std::string_view text) {
    TokenStream tokens(tokenize(text));
    Program program;
    parse_header(tokens);
    while (tokens.peek().kind != TokenKind::end) {
        tokens.take(".visible");
        tokens.expect(".entry");
        parse_entry(tokens, program);
    }
    return program;
}

}  // namespace ptx
