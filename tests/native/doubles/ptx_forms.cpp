#include <map>

#include "ptx_functions.hpp"
#include "ptx_operations.hpp"
#include "ptx_run.hpp"

namespace ptx {

namespace {

Form same_types(Handler handler, Type type, std::size_t sources) {
    return {.execute = handler, .destination = type, .sources = std::vector<Type>(sources, type)};
}

/// Rounding to the nearest is what add, sub and mul do unasked; the other roundings are not supported.
template <class Operation>
Form arithmetic_form(Mnemonic& mnemonic) {
    const bool rounded = mnemonic.take("rn");
    const bool saturated = mnemonic.take("sat");
    const Type type = mnemonic.take_type(rounded ? kind_float : kind_integer | kind_float);
    Form form = same_types(binary<Operation>(type), type, 2);
    if (saturated && type == Type::s32) {
        if constexpr (std::same_as<Operation, Add>) {
            form.execute = &run<AddSaturated, std::int32_t, std::int32_t, std::int32_t>;
        } else if constexpr (std::same_as<Operation, Subtract>) {
            form.execute = &run<SubtractSaturated, std::int32_t, std::int32_t, std::int32_t>;
        } else {
            mnemonic.fail_unknown();
        }
    } else if (saturated) {
        form.second = unary<Saturate>(type);
        if (form.second == nullptr) {
            mnemonic.fail_unknown();
        }
    }
    return form;
}

/// The product at twice the width, which `c` has too.
struct MultiplyWide {
    template <Integer W, Integer T>
    static W multiply(T a, T b) {
        return static_cast<W>(static_cast<W>(a) * static_cast<W>(b));
    }
    static std::uint32_t apply(std::uint16_t a, std::uint16_t b) { return multiply<std::uint32_t>(a, b); }
    static std::int32_t apply(std::int16_t a, std::int16_t b) { return multiply<std::int32_t>(a, b); }
    static std::uint64_t apply(std::uint32_t a, std::uint32_t b) { return multiply<std::uint64_t>(a, b); }
    static std::int64_t apply(std::int32_t a, std::int32_t b) { return multiply<std::int64_t>(a, b); }
};

template <Integer T, Integer W>
struct MultiplyWideAdd {
    static W apply(T a, T b, W c) { return Add::apply(MultiplyWide::apply(a, b), c); }
};

template <Integer T, Integer W>
Form wide_form(Type narrow, Type wide, bool adds) {
    Form form{.destination = wide, .sources = {narrow, narrow}};
    if (adds) {
        form.sources.push_back(wide);
        form.execute = &run<MultiplyWideAdd<T, W>, W, T, T, W>;
    } else {
        form.execute = &run<MultiplyWide, W, T, T>;
    }
    return form;
}

Form wide_form(Mnemonic& mnemonic, bool adds) {
    switch (const Type type = mnemonic.take_type(kind_integer)) {
        case Type::u16:
            return wide_form<std::uint16_t, std::uint32_t>(type, Type::u32, adds);
        case Type::s16:
            return wide_form<std::int16_t, std::int32_t>(type, Type::s32, adds);
        case Type::u32:
            return wide_form<std::uint32_t, std::uint64_t>(type, Type::u64, adds);
        case Type::s32:
            return wide_form<std::int32_t, std::int64_t>(type, Type::s64, adds);
        default:
            mnemonic.fail_unknown();
    }
}

Form multiply_form(Mnemonic& mnemonic) {
    if (mnemonic.take("wide")) {
        return wide_form(mnemonic, false);
    }
    if (mnemonic.take("hi")) {
        const Type type = mnemonic.take_type(kind_integer);
        return same_types(binary<MultiplyHigh>(type), type, 2);
    }
    if (mnemonic.take("lo")) {
        const Type type = mnemonic.take_type(kind_integer);
        return same_types(binary<Multiply>(type), type, 2);
    }
    Form form = arithmetic_form<Multiply>(mnemonic);
    if (kind_of(form.destination) != kind_float) {
        mnemonic.fail_unknown();  // which half of the product?
    }
    return form;
}

Form fused_form(Mnemonic& mnemonic) {
    if (!mnemonic.take("rn")) {
        mnemonic.fail_unknown();
    }
    const bool saturated = mnemonic.take("sat");
    const Type type = mnemonic.take_type(kind_float);
    Form form = same_types(ternary<FusedMultiplyAdd>(type), type, 3);
    form.second = saturated ? unary<Saturate>(type) : nullptr;
    return form;
}

Form multiply_add_form(Mnemonic& mnemonic) {
    if (mnemonic.take("wide")) {
        return wide_form(mnemonic, true);
    }
    if (mnemonic.take("hi")) {
        const Type type = mnemonic.take_type(kind_integer);
        return same_types(ternary<MultiplyHighAdd>(type), type, 3);
    }
    if (mnemonic.take("lo")) {
        const Type type = mnemonic.take_type(kind_integer);
        return same_types(ternary<MultiplyAdd>(type), type, 3);
    }
    return fused_form(mnemonic);
}

Form divide_form(Mnemonic& mnemonic) {
    const bool approximate = mnemonic.take("approx") || mnemonic.take("full");
    const bool is_float = approximate || mnemonic.take("rn");
    const Type type = mnemonic.take_type(is_float ? kind_float : kind_integer);
    if (approximate && type != Type::f32) {
        mnemonic.fail_unknown();
    }
    return same_types(binary<Divide>(type), type, 2);
}

template <bool IsMinimum>
Form extremum_form(Mnemonic& mnemonic) {
    const bool strict = mnemonic.take("NaN");
    const Type type = mnemonic.take_type(strict ? kind_float : kind_integer | kind_float);
    return same_types(strict ? binary<Extremum<IsMinimum, true>>(type) : binary<Extremum<IsMinimum>>(type), type, 2);
}

template <class Operation, unsigned Kinds>
Form unary_form(Mnemonic& mnemonic) {
    const Type type = mnemonic.take_type(Kinds);
    return same_types(unary<Operation>(type), type, 1);
}

template <class Operation, unsigned Kinds>
Form binary_form(Mnemonic& mnemonic) {
    const Type type = mnemonic.take_type(Kinds);
    return same_types(binary<Operation>(type), type, 2);
}

/// What .approx asks for is given exactly, which it allows.
template <class Operation>
Form rounded_form(Mnemonic& mnemonic) {
    const bool approximate = mnemonic.take("approx");
    if (!approximate && !mnemonic.take("rn")) {
        mnemonic.fail_unknown();
    }
    Form form = unary_form<Operation, kind_float>(mnemonic);
    if (approximate && form.destination != Type::f32) {
        mnemonic.fail_unknown();
    }
    return form;
}

/// f32 and one more type at most.
template <class Function, Type Other = Type::f32>
Form approximate_form(Mnemonic& mnemonic) {
    if (!mnemonic.take("approx")) {
        mnemonic.fail_unknown();
    }
    Form form = unary_form<Approximate<Function>, kind_float>(mnemonic);
    if (form.destination != Type::f32 && form.destination != Other) {
        mnemonic.fail_unknown();
    }
    return form;
}

template <class Operation>
Form shift_form(Mnemonic& mnemonic) {
    constexpr unsigned kinds = std::same_as<Operation, ShiftLeft> ? kind_bits : kind_bits | kind_integer;
    const Type type = mnemonic.take_type(kinds);
    const Handler handler = with_type(type, []<typename T>() -> Handler {
        if constexpr (Integer<T>) {
            return &run<Operation, T, T, std::uint32_t>;
        }
        return nullptr;
    });
    return {.execute = handler, .destination = type, .sources = {type, Type::u32}};
}

template <class Operation>
Form count_form(Mnemonic& mnemonic) {
    const Type type = mnemonic.take_type(kind_bits, 32);
    return {.execute = type == Type::b32 ? &run<Operation, std::uint32_t, std::uint32_t>
                                         : &run<Operation, std::uint32_t, std::uint64_t>,
            .destination = Type::u32,
            .sources = {type}};
}

template <class Operation>
Handler test(Type type) {
    return type == Type::f32 ? &run<Operation, bool, float> : &run<Operation, bool, double>;
}

Form test_form(Mnemonic& mnemonic) {
    Handler (*select)(Type) = nullptr;
    if (mnemonic.take("finite")) {
        select = &test<IsOfClass<FP_ZERO, FP_SUBNORMAL, FP_NORMAL>>;
    } else if (mnemonic.take("infinite")) {
        select = &test<IsOfClass<FP_INFINITE>>;
    } else if (mnemonic.take("number")) {
        select = &test<IsOfClass<FP_ZERO, FP_SUBNORMAL, FP_NORMAL, FP_INFINITE>>;
    } else if (mnemonic.take("notanumber")) {
        select = &test<IsOfClass<FP_NAN>>;
    } else if (mnemonic.take("normal")) {
        select = &test<IsOfClass<FP_NORMAL>>;
    } else if (mnemonic.take("subnormal")) {
        select = &test<IsOfClass<FP_SUBNORMAL>>;
    } else {
        mnemonic.fail_unknown();
    }
    const Type type = mnemonic.take_type(kind_float, 32);
    return {.execute = select(type), .destination = Type::pred, .sources = {type}};
}

const Instruction* run_select(const Instruction& instruction, std::uint64_t* registers) {
    const bool first = registers[instruction.sources[2]] != 0;
    registers[instruction.destination] = registers[instruction.sources[first ? 0 : 1]];
    return &instruction + 1;
}

Form select_form(Mnemonic& mnemonic) {
    const Type type = mnemonic.take_type(kind_bits | kind_integer | kind_float);
    return {.execute = &run_select, .destination = type, .sources = {type, type, Type::pred}};
}

constexpr unsigned kind_logical = kind_pred | kind_bits;

const std::map<std::string_view, Form (*)(Mnemonic&)> forms{
    {"add", &arithmetic_form<Add>},
    {"sub", &arithmetic_form<Subtract>},
    {"mul", &multiply_form},
    {"mad", &multiply_add_form},
    {"fma", &fused_form},
    {"div", &divide_form},
    {"rem", &binary_form<Remainder, kind_integer>},
    {"min", &extremum_form<true>},
    {"max", &extremum_form<false>},
    {"abs", &unary_form<Absolute, kind_signed | kind_float>},
    {"neg", &unary_form<Negate, kind_signed | kind_float>},
    {"and", &binary_form<And, kind_logical>},
    {"or", &binary_form<Or, kind_logical>},
    {"xor", &binary_form<ExclusiveOr, kind_logical>},
    {"not", &unary_form<Not, kind_logical>},
    {"shl", &shift_form<ShiftLeft>},
    {"shr", &shift_form<ShiftRight>},
    {"popc", &count_form<CountOnes>},
    {"clz", &count_form<CountLeadingZeros>},
    {"brev", &unary_form<ReverseBits, kind_bits>},
    {"copysign", &binary_form<CopySign, kind_float>},
    {"testp", &test_form},
    {"selp", &select_form},
    {"setp", &compare_form},
    {"cvt", &convert_form},
    {"rcp", &rounded_form<Reciprocal>},
    {"sqrt", &rounded_form<Root>},
    {"rsqrt", &approximate_form<ReciprocalRoot, Type::f64>},
    {"sin", &approximate_form<Sine>},
    {"cos", &approximate_form<Cosine>},
    {"tanh", &approximate_form<HyperbolicTangent, Type::f16>},
    {"ex2", &approximate_form<PowerOfTwo, Type::f16>},
    {"lg2", &approximate_form<BinaryLogarithm>},
};

}  // namespace

Form find_form(Mnemonic& mnemonic) {
    const auto found = forms.find(mnemonic.opcode());
    if (found == forms.end()) {
        mnemonic.fail_unknown();
    }
    Form form = found->second(mnemonic);
    mnemonic.finish();
    if (form.execute == nullptr) {
        mnemonic.fail_unknown();
    }
    return form;
}

}  // namespace ptx
