#include <functional>

#include "ptx_operations.hpp"
#include "ptx_run.hpp"

namespace ptx {

namespace {

/// With a NaN the result is `Unordered`, whatever the order.
template <class Order, bool Unordered>
struct Compare {
    template <typename T>
    static bool apply(T a, T b) {
        if constexpr (AnyFloat<T>) {
            const double x = widen(a);
            const double y = widen(b);
            return std::isnan(x) || std::isnan(y) ? Unordered : Order{}(x, y);
        } else {
            return Order{}(a, b);
        }
    }
};

struct Always {
    bool operator()(double, double) const { return true; }
};

struct Never {
    bool operator()(double, double) const { return false; }
};

template <class Order, bool Unordered = false, bool FloatOnly = Unordered>
Handler compare(Type type) {
    return with_type(type, []<typename T>() -> Handler {
        if constexpr (AnyFloat<T> || (Integer<T> && !FloatOnly)) {
            return &run<Compare<Order, Unordered>, bool, T, T>;
        }
        return nullptr;
    });
}

struct Comparison {
    std::string_view name;
    unsigned kinds;
    Handler (*select)(Type);
};

constexpr unsigned kind_ordered = kind_integer | kind_float;

const Comparison comparisons[] = {
    {"eq", kind_bits | kind_ordered, &compare<std::equal_to<>>},
    {"ne", kind_bits | kind_ordered, &compare<std::not_equal_to<>>},
    {"lt", kind_ordered, &compare<std::less<>>},
    {"le", kind_ordered, &compare<std::less_equal<>>},
    {"gt", kind_ordered, &compare<std::greater<>>},
    {"ge", kind_ordered, &compare<std::greater_equal<>>},
    {"lo", kind_unsigned, &compare<std::less<>>},
    {"ls", kind_unsigned, &compare<std::less_equal<>>},
    {"hi", kind_unsigned, &compare<std::greater<>>},
    {"hs", kind_unsigned, &compare<std::greater_equal<>>},
    {"equ", kind_float, &compare<std::equal_to<>, true>},
    {"neu", kind_float, &compare<std::not_equal_to<>, true>},
    {"ltu", kind_float, &compare<std::less<>, true>},
    {"leu", kind_float, &compare<std::less_equal<>, true>},
    {"gtu", kind_float, &compare<std::greater<>, true>},
    {"geu", kind_float, &compare<std::greater_equal<>, true>},
    {"num", kind_float, &compare<Always, false, true>},
    {"nan", kind_float, &compare<Never, true>},
};

}  // namespace

Form compare_form(Mnemonic& mnemonic) {
    for (const Comparison& comparison : comparisons) {
        if (!mnemonic.take(comparison.name)) {
            continue;
        }
        Form form;
        form.destination = Type::pred;
        if (mnemonic.take("and")) {
            form.second = binary<And>(Type::pred);
        } else if (mnemonic.take("or")) {
            form.second = binary<Or>(Type::pred);
        } else if (mnemonic.take("xor")) {
            form.second = binary<ExclusiveOr>(Type::pred);
        }
        form.has_extra = form.second != nullptr;
        const Type type = mnemonic.take_type(comparison.kinds);
        form.execute = comparison.select(type);
        form.sources = {type, type};
        return form;
    }
    mnemonic.fail_unknown();
}

}  // namespace ptx
