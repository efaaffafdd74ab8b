#include "ptx_value.hpp"

#include <algorithm>

namespace ptx {

double widen(Half value) {
    const int exponent = (value.bits >> 10) & 0x1F;
    const double fraction = value.bits & 0x3FF;
    double magnitude = 0;
    if (exponent == 31) {
        magnitude = fraction == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
    } else if (exponent == 0) {
        magnitude = std::ldexp(fraction, -24);
    } else {
        magnitude = std::ldexp(1024 + fraction, exponent - 25);
    }
    return (value.bits & 0x8000) != 0 ? -magnitude : magnitude;
}

Half round_to_half(double value, Rounding rounding) {
    if (std::isnan(value)) {
        return Half{0x7FFF};
    }

    const unsigned sign = std::signbit(value) ? 0x8000U : 0U;
    const double magnitude = std::fabs(value);
    if (std::isinf(value)) {
        return Half{static_cast<std::uint16_t>(sign | 0x7C00U)};
    }

    // The step between neighbours is 2^-24 for subnormal numbers and grows with the exponent above them.
    int exponent = 0;
    std::frexp(magnitude, &exponent);
    const int step = magnitude == 0 ? -24 : std::max(exponent - 11, -24);
    const double rounded = std::ldexp(round_to_integral(std::ldexp(value, -step), rounding), step);
    const double result = std::fabs(rounded);
    constexpr double largest = 65504;
    if (result > largest) {
        const bool to_infinity = rounding == Rounding::nearest || (rounding == Rounding::up && sign == 0) ||
                                 (rounding == Rounding::down && sign != 0);
        return Half{static_cast<std::uint16_t>(sign | (to_infinity ? 0x7C00U : 0x7BFFU))};
    }

    if (result < std::ldexp(1.0, -14)) {
        return Half{static_cast<std::uint16_t>(sign | static_cast<unsigned>(std::ldexp(result, 24)))};
    }

    std::frexp(result, &exponent);
    const unsigned fraction = static_cast<unsigned>(std::ldexp(result, 11 - exponent)) - 1024U;
    return Half{static_cast<std::uint16_t>(sign | (static_cast<unsigned>(exponent + 14) << 10) | fraction)};
}

float round_to_float(double value, Rounding rounding) {
    const float nearest = static_cast<float>(value);
    if (std::isnan(value)) {
        return canonical(nearest);
    }

    constexpr float infinity = std::numeric_limits<float>::infinity();
    const double taken = nearest;
    const bool too_high = taken > value;
    const bool too_low = taken < value;
    if (too_high && (rounding == Rounding::down || (rounding == Rounding::zero && value > 0))) {
        return std::nextafter(nearest, -infinity);
    }
    if (too_low && (rounding == Rounding::up || (rounding == Rounding::zero && value < 0))) {
        return std::nextafter(nearest, infinity);
    }
    return nearest;
}

}  // namespace ptx
