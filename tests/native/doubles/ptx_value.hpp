#pragma once

#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace ptx {

/// IEEE binary16, which C++20 has no type for.
struct Half {
    std::uint16_t bits;
};

enum class Rounding { nearest, zero, down, up };

template <typename T>
concept Integer = std::integral<T> && !std::same_as<T, bool>;

template <typename T>
concept Float = std::floating_point<T>;

template <typename T>
concept AnyFloat = Float<T> || std::same_as<T, Half>;

/// A register is a slot of 64 bits. A value is read from its low bits and written over all of them; what lies above its
/// width is never read, since the parser refuses an operand that is wider than its register.
template <typename T>
T read(std::uint64_t slot) {
    if constexpr (std::same_as<T, bool>) {
        return slot != 0;
    } else if constexpr (std::same_as<T, float>) {
        return std::bit_cast<float>(static_cast<std::uint32_t>(slot));
    } else if constexpr (std::same_as<T, double>) {
        return std::bit_cast<double>(slot);
    } else if constexpr (std::same_as<T, Half>) {
        return Half{static_cast<std::uint16_t>(slot)};
    } else {
        return static_cast<T>(slot);
    }
}

/// Signed values are extended to the whole slot, so that a narrow load or conversion into a wider register extends the
/// sign, as PTX asks; all others are extended with zeros.
template <typename T>
std::uint64_t write(T value) {
    if constexpr (std::same_as<T, float>) {
        return std::bit_cast<std::uint32_t>(value);
    } else if constexpr (std::same_as<T, double>) {
        return std::bit_cast<std::uint64_t>(value);
    } else if constexpr (std::same_as<T, Half>) {
        return value.bits;
    } else {
        return static_cast<std::uint64_t>(value);
    }
}

/// 16-bit and 32-bit results that are not a number have one pattern in PTX. That of 64-bit ones is left open there, and
/// to the host here.
inline float canonical(float value) {
    return std::isnan(value) ? std::bit_cast<float>(std::uint32_t{0x7FFFFFFF}) : value;
}

inline double canonical(double value) { return value; }

inline double round_to_integral(double value, Rounding rounding) {
    switch (rounding) {
        case Rounding::nearest:
            return std::nearbyint(value);
        case Rounding::zero:
            return std::trunc(value);
        case Rounding::down:
            return std::floor(value);
        case Rounding::up:
            return std::ceil(value);
    }
    return value;
}

double widen(Half value);
Half round_to_half(double value, Rounding rounding);
float round_to_float(double value, Rounding rounding);

inline double widen(float value) { return value; }
inline double widen(double value) { return value; }

/// Rounds a value that a double holds exactly.
template <AnyFloat T>
T round_to(double value, Rounding rounding = Rounding::nearest) {
    if constexpr (std::same_as<T, Half>) {
        return round_to_half(value, rounding);
    } else if constexpr (std::same_as<T, float>) {
        return round_to_float(value, rounding);
    } else {
        return value;
    }
}

}  // namespace ptx
