#pragma once

#include <map>
#include <string>
#include <string_view>

#include "ptx_form.hpp"
#include "ptx_lexer.hpp"

namespace ptx {

/// Collects what an entry declares and does; names become slots, labels distances.
class EntryBuilder {
  public:
    struct Register {
        std::uint32_t slot;
        Type type;
    };

    struct Memory {
        std::int64_t offset;
        std::int64_t size;
    };

    EntryBuilder();

    /// Each fails, at the name's line, if the name is taken.
    void declare_register(const Token& name, std::string_view full_name, Type type);
    void declare_parameter(const Token& name, std::size_t size, std::size_t alignment);
    void declare_local(const Token& name, std::size_t size, std::size_t alignment);
    void declare_label(const Token& name);
    void declare_branch_targets(const Token& name, std::vector<Token> targets);

    const Register* find_register(std::string_view name) const;
    const Memory* find_parameter(std::string_view name) const;
    const Memory* find_local(std::string_view name) const;
    const std::vector<Token>& branch_targets(const Token& name) const;

    /// The slot that holds these bits throughout.
    std::uint32_t constant(std::uint64_t bits);

    void emit(const Instruction& instruction);

    /// Emits an instruction whose branch distance is filled in when all labels are known.
    void emit_branch(const Instruction& instruction, const Token& label);

    /// Lowers the number of threads that a block may have.
    void limit_block(std::uint64_t threads);

    /// Ends the entry with an implied `ret`. Fails at a branch to a label that is not there.
    Entry finish();

  private:
    struct Reference {
        std::size_t instruction;
        Token label;
    };

    void claim(const Token& name, std::string_view full_name);

    Entry entry_;
    std::map<std::string, std::uint32_t, std::less<>> lines_;  // of declarations
    std::map<std::string, Register, std::less<>> registers_;
    std::map<std::string_view, Memory> parameters_;
    std::map<std::string_view, Memory> locals_;
    std::map<std::string_view, std::size_t> labels_;
    std::map<std::string_view, std::vector<Token>> targets_;
    std::map<std::uint64_t, std::uint32_t> constants_;
    std::vector<Reference> references_;
};

}  // namespace ptx
