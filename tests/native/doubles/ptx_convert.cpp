#include <algorithm>
#include <utility>

#include "ptx_functions.hpp"
#include "ptx_run.hpp"

namespace ptx {

namespace {

// What Instruction::immediate holds for a conversion.
constexpr std::int64_t rounding_bits = 3;
constexpr std::int64_t to_integral = 4;
constexpr std::int64_t saturated = 8;

template <Integer D, Integer S>
D integer_to_integer(S value, bool saturates) {
    if (saturates && !std::in_range<D>(value)) {
        return std::cmp_less(value, 0) ? std::numeric_limits<D>::min() : std::numeric_limits<D>::max();
    }
    return static_cast<D>(value);
}

template <Integer D, AnyFloat S>
D float_to_integer(S value, Rounding rounding) {
    const double exact = widen(value);
    if (std::isnan(exact)) {
        // Zero, or the highest bit alone where 64 bits are involved (PTX ISA 9.0, "cvt").
        constexpr bool is_zero = sizeof(S) < 8 && sizeof(D) < 8;
        return static_cast<D>(is_zero ? std::uint64_t{0} : std::uint64_t{1} << (8 * sizeof(D) - 1));
    }
    // Both bounds are exact in double precision: the lower is zero or minus a power of two, the upper a power of two.
    const double rounded = round_to_integral(exact, rounding);
    if (rounded <= static_cast<double>(std::numeric_limits<D>::min())) {
        return std::numeric_limits<D>::min();
    }
    if (rounded >= std::ldexp(1.0, std::numeric_limits<D>::digits)) {
        return std::numeric_limits<D>::max();
    }
    return static_cast<D>(rounded);
}

/// Truncates by clearing the bits that do not fit, then goes one step up where that is asked.
template <Float D, Integer S>
D integer_to_float(S value, Rounding rounding) {
    if (rounding == Rounding::nearest) {
        return static_cast<D>(value);
    }
    const bool is_negative = std::cmp_less(value, 0);
    const std::uint64_t magnitude =
        is_negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    const int excess = std::max(static_cast<int>(std::bit_width(magnitude)) - std::numeric_limits<D>::digits, 0);
    D result = std::ldexp(static_cast<D>(magnitude >> excess), excess);
    const bool is_exact = (magnitude >> excess) << excess == magnitude;
    if (!is_exact && rounding == (is_negative ? Rounding::down : Rounding::up)) {
        result = std::nextafter(result, std::numeric_limits<D>::infinity());
    }
    return is_negative ? -result : result;
}

template <typename D, typename S>
D convert(S value, std::int64_t how) {
    const Rounding rounding = static_cast<Rounding>(how & rounding_bits);
    if constexpr (Integer<D> && Integer<S>) {
        return integer_to_integer<D>(value, (how & saturated) != 0);
    } else if constexpr (Integer<D>) {
        return float_to_integer<D>(value, rounding);
    } else if constexpr (std::same_as<D, Half> && Integer<S>) {
        // A double holds every integer that a half does not round to infinity.
        return round_to<Half>(static_cast<double>(value), rounding);
    } else if constexpr (Integer<S>) {
        return integer_to_float<D>(value, rounding);
    } else {
        return round_to<D>((how & to_integral) != 0 ? round_to_integral(widen(value), rounding) : widen(value),
                           rounding);
    }
}

template <typename D, typename S>
const Instruction* run_convert(const Instruction& instruction, std::uint64_t* registers) {
    const S value = read<S>(registers[instruction.sources[0]]);
    registers[instruction.destination] = write<D>(convert<D>(value, instruction.immediate));
    return &instruction + 1;
}

struct RoundingName {
    std::string_view name;
    std::int64_t how;
};

constexpr RoundingName roundings[] = {
    {"rn", static_cast<std::int64_t>(Rounding::nearest)},
    {"rz", static_cast<std::int64_t>(Rounding::zero)},
    {"rm", static_cast<std::int64_t>(Rounding::down)},
    {"rp", static_cast<std::int64_t>(Rounding::up)},
    {"rni", static_cast<std::int64_t>(Rounding::nearest) | to_integral},
    {"rzi", static_cast<std::int64_t>(Rounding::zero) | to_integral},
    {"rmi", static_cast<std::int64_t>(Rounding::down) | to_integral},
    {"rpi", static_cast<std::int64_t>(Rounding::up) | to_integral},
};

enum class RoundingNeed { none, integral, integral_or_none, fraction };

RoundingNeed rounding_need(Type destination, Type source) {
    const bool to_float = kind_of(destination) == kind_float;
    const bool from_float = kind_of(source) == kind_float;
    if (!from_float) {
        return to_float ? RoundingNeed::fraction : RoundingNeed::none;
    }
    if (!to_float) {
        return RoundingNeed::integral;
    }
    if (destination == source) {
        return RoundingNeed::integral_or_none;
    }
    return bits_of(destination) < bits_of(source) ? RoundingNeed::fraction : RoundingNeed::none;
}

bool is_met(RoundingNeed need, const RoundingName* rounding) {
    if (rounding == nullptr) {
        return need == RoundingNeed::none || need == RoundingNeed::integral_or_none;
    }
    if ((rounding->how & to_integral) != 0) {
        return need == RoundingNeed::integral || need == RoundingNeed::integral_or_none;
    }
    return need == RoundingNeed::fraction;
}

}  // namespace

Form convert_form(Mnemonic& mnemonic) {
    const RoundingName* rounding = nullptr;
    for (const RoundingName& candidate : roundings) {
        if (rounding == nullptr && mnemonic.take(candidate.name)) {
            rounding = &candidate;
        }
    }
    const bool saturates = mnemonic.take("sat");
    const Type destination = mnemonic.take_type(kind_integer | kind_float, 8);
    const Type source = mnemonic.take_type(kind_integer | kind_float, 8);
    if (!is_met(rounding_need(destination, source), rounding)) {
        mnemonic.fail_because(rounding == nullptr ? "this conversion must say how it rounds"
                                                  : "this conversion does not round like that");
    }

    Form form{.destination = destination, .sources = {source}, .wide_registers = true};
    form.immediate = (rounding == nullptr ? 0 : rounding->how) | (saturates ? saturated : 0);
    form.execute = with_type(destination, [source]<typename D>() -> Handler {
        if constexpr (std::same_as<D, bool>) {
            return nullptr;
        } else {
            return with_type(source, []<typename S>() -> Handler {
                if constexpr (std::same_as<S, bool>) {
                    return nullptr;
                } else {
                    return &run_convert<D, S>;
                }
            });
        }
    });
    if (saturates && kind_of(destination) == kind_float) {
        form.second = unary<Saturate>(destination);
    }
    return form;
}

}  // namespace ptx
