#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

#include "ptx_interpreter.hpp"

constexpr std::uint32_t single[3] = {1, 1, 1};

/// An entry `test` around a body.
inline std::string wrap_entry(const std::string& parameters, const std::string& body) {
    return ".version 6.3\n.target sm_75\n.address_size 64\n.visible .entry test(" + parameters + ")\n{\n" + body +
           "\n}\n";
}

/// Runs instructions on %a, %b and %c, registers of the width of the arguments, and returns what they leave in %d; for
/// R = bool that is a predicate. Values of 8 bits live in registers of 16.
template <typename R, typename... A>
R evaluate(const std::string& instructions, A... arguments) {
    const auto width = [](std::size_t size) { return "b" + std::to_string(size < 2 ? 16 : 8 * size); };
    std::string parameters = ".param .b64 result";
    std::string body = ".reg .b64 %out;\n.reg .b32 %flag;\n";
    std::uint64_t block[1 + sizeof...(A)] = {};
    std::size_t index = 0;
    const auto add_argument = [&](const auto& argument) {
        const std::string name(1, static_cast<char>('a' + index));
        parameters += ", .param .b64 p" + name;
        body += ".reg ." + width(sizeof argument) + " %" + name + ";\n";
        body += "ld.param." + width(sizeof argument) + " %" + name + ", [p" + name + "];\n";
        std::memcpy(&block[++index], &argument, sizeof argument);
    };
    (add_argument(arguments), ...);

    std::uint64_t result = 0;
    const void* const address = &result;
    std::memcpy(block, &address, sizeof address);
    body += std::string(".reg .") + (std::is_same_v<R, bool> ? "pred" : width(sizeof(R))) + " %d;\n";
    body += "ld.param.b64 %out, [result];\n" + instructions + "\n";
    if constexpr (std::is_same_v<R, bool>) {
        body += "selp.b32 %flag, 1, 0, %d;\nst.global.b8 [%out], %flag;\n";
    } else {
        body += "st.global." + width(sizeof(R)) + " [%out], %d;\n";
    }

    const ptx::Module module = ptx::Module::parse(wrap_entry(parameters, body + "ret;"));
    module.launch("test", single, single, block, sizeof block);
    R value;
    std::memcpy(&value, &result, sizeof value);
    return value;
}
