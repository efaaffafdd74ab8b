#pragma once

#include <cstdint>

// Inputs by formula: the same integers here and where the expected outputs were computed, on any machine. Documented in
// README.md.

namespace gpu_check {

/// 32 well-mixed bits of an element's index (a bijection of 32 bits for each seed).
constexpr std::uint32_t mix(std::uint32_t index, std::uint32_t seed) {
    std::uint32_t bits = index * 0x9E3779B9U + seed;
    bits = (bits ^ (bits >> 16)) * 0x7FEB352DU;
    bits = (bits ^ (bits >> 15)) * 0x846CA68BU;
    return bits ^ (bits >> 16);
}

/// A float in [-1, 1) on a grid of 2^-23, so that it is exact, times the scale, which rounds once.
constexpr float mixed_float(std::uint32_t index, std::uint32_t seed, float scale) {
    const auto steps = static_cast<std::int32_t>(mix(index, seed) >> 8) - 0x800000;
    return static_cast<float>(steps) * 0x1p-23F * scale;
}

/// A float in [0, 1) on a grid of 2^-24.
constexpr float mixed_fraction(std::uint32_t index, std::uint32_t seed) {
    return static_cast<float>(mix(index, seed) >> 8) * 0x1p-24F;
}

/// An integer in [0, 2^bits), 1 <= bits <= 31.
constexpr std::int32_t mixed_integer(std::uint32_t index, std::uint32_t seed, unsigned bits) {
    return static_cast<std::int32_t>(mix(index, seed) >> (32 - bits));
}

constexpr std::uint8_t mixed_byte(std::uint32_t index, std::uint32_t seed) {
    return static_cast<std::uint8_t>(mix(index, seed));
}

}  // namespace gpu_check
