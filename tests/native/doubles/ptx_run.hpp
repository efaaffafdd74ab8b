#pragma once

#include <utility>

#include "ptx_form.hpp"

namespace ptx {

/// The handler of an operation R apply(S...).
template <class Operation, typename R, typename... S>
const Instruction* run(const Instruction& instruction, std::uint64_t* registers) {
    [&]<std::size_t... K>(std::index_sequence<K...>) {
        const R result = Operation::apply(read<S>(registers[instruction.sources[K]])...);
        registers[instruction.destination] = write<R>(result);
    }
    (std::index_sequence_for<S...>{});
    return &instruction + 1;
}

/// Calls `select.operator()<T>()` with the C++ type of a PTX type.
template <typename F>
Handler with_type(Type type, F select) {
    switch (type) {
        case Type::pred:
            return select.template operator()<bool>();
        case Type::b8:
        case Type::u8:
            return select.template operator()<std::uint8_t>();
        case Type::b16:
        case Type::u16:
            return select.template operator()<std::uint16_t>();
        case Type::b32:
        case Type::u32:
            return select.template operator()<std::uint32_t>();
        case Type::b64:
        case Type::u64:
            return select.template operator()<std::uint64_t>();
        case Type::s8:
            return select.template operator()<std::int8_t>();
        case Type::s16:
            return select.template operator()<std::int16_t>();
        case Type::s32:
            return select.template operator()<std::int32_t>();
        case Type::s64:
            return select.template operator()<std::int64_t>();
        case Type::f16:
            return select.template operator()<Half>();
        case Type::f32:
            return select.template operator()<float>();
        case Type::f64:
            return select.template operator()<double>();
    }
    return nullptr;
}

/// T apply(T), T apply(T, T) or T apply(T, T, T); null where the operation has none for that type.
template <class Operation>
Handler unary(Type type) {
    return with_type(type, []<typename T>() -> Handler {
        if constexpr (requires(T x) { Operation::apply(x); }) {
            return &run<Operation, T, T>;
        }
        return nullptr;
    });
}

template <class Operation>
Handler binary(Type type) {
    return with_type(type, []<typename T>() -> Handler {
        if constexpr (requires(T x) { Operation::apply(x, x); }) {
            return &run<Operation, T, T, T>;
        }
        return nullptr;
    });
}

template <class Operation>
Handler ternary(Type type) {
    return with_type(type, []<typename T>() -> Handler {
        if constexpr (requires(T x) { Operation::apply(x, x, x); }) {
            return &run<Operation, T, T, T, T>;
        }
        return nullptr;
    });
}

}  // namespace ptx
