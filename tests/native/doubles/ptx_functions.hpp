#pragma once

#include "ptx_value.hpp"

/// Functions of one number, and tests. The .approx ones are computed in double precision and rounded once; PTX only
/// bounds their error.
namespace ptx {

/// x -> Function::of(x) in double precision.
template <class Function>
struct Approximate {
    template <AnyFloat T>
    static T apply(T x) {
        return round_to<T>(Function::of(widen(x)));
    }
};

struct Sine {
    static double of(double x) { return std::sin(x); }
};

struct Cosine {
    static double of(double x) { return std::cos(x); }
};

struct HyperbolicTangent {
    static double of(double x) { return std::tanh(x); }
};

struct PowerOfTwo {
    static double of(double x) { return std::exp2(x); }
};

struct BinaryLogarithm {
    static double of(double x) { return std::log2(x); }
};

struct ReciprocalRoot {
    static double of(double x) { return 1 / std::sqrt(x); }
};

struct Root {
    template <Float T>
    static T apply(T x) {
        return canonical(std::sqrt(x));
    }
};

struct Reciprocal {
    template <Float T>
    static T apply(T x) {
        return canonical(1 / x);
    }
};

/// Into [0, 1]; a NaN becomes +0.
struct Saturate {
    template <AnyFloat T>
    static T apply(T x) {
        const double value = widen(x);
        return round_to<T>(value >= 1 ? 1.0 : (value > 0 ? value : 0.0));
    }
};

/// The sign of the first with the magnitude of the second, in this order in PTX.
struct CopySign {
    template <Float T>
    static T apply(T sign, T magnitude) {
        return std::copysign(magnitude, sign);
    }
};

struct CountOnes {
    template <Integer T>
    static std::uint32_t apply(T a) {
        return static_cast<std::uint32_t>(std::popcount(a));
    }
};

struct CountLeadingZeros {
    template <Integer T>
    static std::uint32_t apply(T a) {
        return static_cast<std::uint32_t>(std::countl_zero(a));
    }
};

struct ReverseBits {
    template <Integer T>
    static T apply(T a) {
        T result = 0;
        for (std::uint32_t i = 0; i < 8 * sizeof(T); ++i) {
            result = static_cast<T>((result << 1) | ((a >> i) & 1));
        }
        return result;
    }
};

template <int... Classes>
struct IsOfClass {
    template <Float T>
    static bool apply(T x) {
        return ((std::fpclassify(x) == Classes) || ...);
    }
};

}  // namespace ptx
