#pragma once

#include <algorithm>

#include "ptx_value.hpp"

/// What the instructions compute: one struct an operation, one overload a family of types. Compile without contraction:
/// a product and a sum are rounded apart.
namespace ptx {

/// Integer arithmetic wraps. It is done on 64 unsigned bits, where C++ defines that, and cut off.
template <Integer T>
std::uint64_t bits(T value) {
    return static_cast<std::uint64_t>(value);
}

template <Integer T>
constexpr std::uint32_t width = 8 * sizeof(T);

struct Add {
    template <Integer T>
    static T apply(T a, T b) {
        return static_cast<T>(bits(a) + bits(b));
    }
    template <Float T>
    static T apply(T a, T b) {
        return canonical(a + b);
    }
    // Sums and products of two halves are exact in double precision.
    static Half apply(Half a, Half b) { return round_to<Half>(widen(a) + widen(b)); }
};

struct Subtract {
    template <Integer T>
    static T apply(T a, T b) {
        return static_cast<T>(bits(a) - bits(b));
    }
    template <Float T>
    static T apply(T a, T b) {
        return canonical(a - b);
    }
    static Half apply(Half a, Half b) { return round_to<Half>(widen(a) - widen(b)); }
};

struct Multiply {
    template <Integer T>
    static T apply(T a, T b) {
        return static_cast<T>(bits(a) * bits(b));
    }
    template <Float T>
    static T apply(T a, T b) {
        return canonical(a * b);
    }
    static Half apply(Half a, Half b) { return round_to<Half>(widen(a) * widen(b)); }
};

struct MultiplyHigh {
    template <Integer T>
    static T apply(T a, T b) {
        if constexpr (sizeof(T) < 8) {
            // Sign-extended operands have the right low 64 bits of their product.
            return static_cast<T>((bits(a) * bits(b)) >> width<T>);
        } else {
            const std::uint64_t x = bits(a);
            const std::uint64_t y = bits(b);
            const std::uint64_t low = (x & mask) * (y & mask);
            const std::uint64_t middle = (x >> 32) * (y & mask) + (low >> 32);
            const std::uint64_t cross = (x & mask) * (y >> 32) + (middle & mask);
            std::uint64_t high = (x >> 32) * (y >> 32) + (middle >> 32) + (cross >> 32);
            // A negative operand was taken for itself plus 2^64.
            high -= a < T{0} ? y : 0;
            high -= b < T{0} ? x : 0;
            return static_cast<T>(high);
        }
    }

  private:
    static constexpr std::uint64_t mask = 0xFFFFFFFF;
};

struct MultiplyAdd {
    template <Integer T>
    static T apply(T a, T b, T c) {
        return static_cast<T>(bits(a) * bits(b) + bits(c));
    }
};

struct MultiplyHighAdd {
    template <Integer T>
    static T apply(T a, T b, T c) {
        return Add::apply(MultiplyHigh::apply(a, b), c);
    }
};

struct FusedMultiplyAdd {
    template <Float T>
    static T apply(T a, T b, T c) {
        return canonical(std::fma(a, b, c));
    }
    // The product is exact. Where a double cannot hold the sum, c is more than 2^42 times the product, too far from the
    // middle between two halves for a second rounding to matter.
    static Half apply(Half a, Half b, Half c) { return round_to<Half>(widen(a) * widen(b) + widen(c)); }
};

struct AddSaturated {
    static std::int32_t apply(std::int32_t a, std::int32_t b) { return clamp(std::int64_t{a} + b); }
    static std::int32_t clamp(std::int64_t value) {
        return static_cast<std::int32_t>(std::clamp<std::int64_t>(value, std::numeric_limits<std::int32_t>::min(),
                                                                  std::numeric_limits<std::int32_t>::max()));
    }
};

struct SubtractSaturated {
    static std::int32_t apply(std::int32_t a, std::int32_t b) { return AddSaturated::clamp(std::int64_t{a} - b); }
};

/// Division by zero has no defined result in PTX; all bits set is what GPUs give. It must not stop the process, since
/// compilers compute both sides of a selection.
struct Divide {
    template <Integer T>
    static T apply(T a, T b) {
        if (b == 0) {
            return static_cast<T>(~std::uint64_t{0});
        }
        if constexpr (std::is_signed_v<T>) {
            if (b == -1) {
                return Subtract::apply(T{0}, a);  // the smallest number stays itself
            }
        }
        return static_cast<T>(a / b);
    }
    template <Float T>
    static T apply(T a, T b) {
        return canonical(a / b);
    }
};

struct Remainder {
    template <Integer T>
    static T apply(T a, T b) {
        if (b == 0) {
            return a;
        }
        if constexpr (std::is_signed_v<T>) {
            if (b == -1) {
                return 0;
            }
        }
        return static_cast<T>(a % b);
    }
};

/// Of a number and a NaN the number, of two NaNs a NaN; -0 is less than +0. With `Strict`, the NaN.
template <bool IsMinimum, bool Strict = false>
struct Extremum {
    template <Integer T>
    static T apply(T a, T b) {
        return IsMinimum ? std::min(a, b) : std::max(a, b);
    }
    template <Float T>
    static T apply(T a, T b) {
        if (std::isnan(a) || std::isnan(b)) {
            return canonical(std::isnan(a) != Strict ? b : a);
        }
        if (a == b) {
            return std::signbit(a) == IsMinimum ? a : b;
        }
        return (a < b) == IsMinimum ? a : b;
    }
    static Half apply(Half a, Half b) { return round_to<Half>(apply(widen(a), widen(b))); }
};

struct Absolute {
    template <Integer T>
    static T apply(T a) {
        return a < T{0} ? Subtract::apply(T{0}, a) : a;
    }
    template <Float T>
    static T apply(T a) {
        return std::fabs(a);
    }
    static Half apply(Half a) { return Half{static_cast<std::uint16_t>(a.bits & 0x7FFF)}; }
};

struct Negate {
    template <Integer T>
    static T apply(T a) {
        return Subtract::apply(T{0}, a);
    }
    template <Float T>
    static T apply(T a) {
        return -a;
    }
    static Half apply(Half a) { return Half{static_cast<std::uint16_t>(a.bits ^ 0x8000)}; }
};

struct And {
    template <std::integral T>
    static T apply(T a, T b) {
        return static_cast<T>(a & b);
    }
};

struct Or {
    template <std::integral T>
    static T apply(T a, T b) {
        return static_cast<T>(a | b);
    }
};

struct ExclusiveOr {
    template <std::integral T>
    static T apply(T a, T b) {
        return static_cast<T>(a ^ b);
    }
};

struct Not {
    template <Integer T>
    static T apply(T a) {
        return static_cast<T>(~a);
    }
    template <std::same_as<bool> T>
    static T apply(T a) {
        return !a;
    }
};

/// Amounts beyond the width count as the width.
struct ShiftLeft {
    template <Integer T>
    static T apply(T a, std::uint32_t amount) {
        return amount >= width<T> ? T{0} : static_cast<T>(bits(a) << amount);
    }
};

struct ShiftRight {
    template <Integer T>
    static T apply(T a, std::uint32_t amount) {
        if (amount < width<T>) {
            return static_cast<T>(a >> amount);
        }
        return static_cast<T>(a < T{0} ? -1 : 0);
    }
};

}  // namespace ptx
