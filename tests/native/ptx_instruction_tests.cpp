#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "ptx_evaluate.hpp"

// Expected values are worked out by hand from the PTX ISA, not with the interpreter's own operations.

namespace {

using f32 = std::numeric_limits<float>;
using f64 = std::numeric_limits<double>;
using i8 = std::int8_t;
using i16 = std::int16_t;
using i32 = std::int32_t;
using i64 = std::int64_t;
using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;

constexpr i32 least = std::numeric_limits<i32>::min();
constexpr i64 least64 = std::numeric_limits<i64>::min();

template <typename... A>
u32 bits_from(const std::string& instruction, A... arguments) {
    return evaluate<u32>(instruction, arguments...);
}

}  // namespace

TEST(PtxInteger, AddSubMul_Overflow_Wraps) {
    EXPECT_EQ(least, evaluate<i32>("add.s32 %d, %a, %b;", i32{0x7FFFFFFF}, i32{1}));
    EXPECT_EQ(u64{0}, evaluate<u64>("add.u64 %d, %a, 1;", ~u64{0}));
    EXPECT_EQ(0x7FFFFFFF, evaluate<i32>("sub.s32 %d, %a, 1;", least));
    EXPECT_EQ(i16{1}, evaluate<i16>("mul.lo.u16 %d, %a, %a;", u16{0xFFFF}));
    EXPECT_EQ(0x80000001U, evaluate<u32>("mul.lo.s32 %d, %a, %b;", i32{0x7FFFFFFF}, i32{-1}));
    EXPECT_EQ(i64{-21}, evaluate<i64>("mad.lo.s64 %d, %a, %b, -6;", i64{-3}, i64{5}));
}

TEST(PtxInteger, AddSubSaturated_Overflow_StopsAtTheBounds) {
    EXPECT_EQ(0x7FFFFFFF, evaluate<i32>("add.sat.s32 %d, %a, 1;", i32{0x7FFFFFFF}));
    EXPECT_EQ(least, evaluate<i32>("sub.sat.s32 %d, %a, 1;", least));
}

TEST(PtxInteger, MulWide_SignOfTheType_DecidesTheExtension) {
    EXPECT_EQ(u64{0x3FFFFFFFC}, evaluate<u64>("mul.wide.u32 %d, %a, 4;", u32{0xFFFFFFFF}));
    EXPECT_EQ(i64{-4}, evaluate<i64>("mul.wide.s32 %d, %a, 4;", i32{-1}));
    EXPECT_EQ(0xFFFE0001U, evaluate<u32>("mul.wide.u16 %d, %a, %a;", u16{0xFFFF}));
    EXPECT_EQ(i64{-1}, evaluate<i64>("mad.wide.s32 %d, %a, %b, %c;", i32{-2}, i32{3}, i64{5}));
}

TEST(PtxInteger, MulHigh_AllWidths_ReturnsTheUpperHalf) {
    EXPECT_EQ(0xFFFFFFFEU, evaluate<u32>("mul.hi.u32 %d, %a, %a;", ~u32{0}));
    EXPECT_EQ(-1, evaluate<i32>("mul.hi.s32 %d, %a, 2;", i32{-3}));
    EXPECT_EQ(~u64{0} - 1, evaluate<u64>("mul.hi.u64 %d, %a, %a;", ~u64{0}));
    EXPECT_EQ(i64{0}, evaluate<i64>("mul.hi.s64 %d, %a, %a;", i64{-1}));
    EXPECT_EQ(i64{1} << 62, evaluate<i64>("mul.hi.s64 %d, %a, %a;", least64));
    EXPECT_EQ(i64{-1}, evaluate<i64>("mul.hi.s64 %d, %a, %b;", least64, i64{2}));
    EXPECT_EQ(8, evaluate<i32>("mad.hi.s32 %d, %a, %b, 9;", i32{-3}, i32{2}));
}

TEST(PtxInteger, DivRem_NegativeOperands_TruncateTowardsZero) {
    EXPECT_EQ(-3, evaluate<i32>("div.s32 %d, %a, %b;", i32{-7}, i32{2}));
    EXPECT_EQ(-1, evaluate<i32>("rem.s32 %d, %a, %b;", i32{-7}, i32{2}));
    EXPECT_EQ(1, evaluate<i32>("rem.s32 %d, %a, %b;", i32{7}, i32{-2}));
    EXPECT_EQ(0x7FFFFFFCU, evaluate<u32>("div.u32 %d, %a, 2;", i32{-7}));
    EXPECT_EQ(i64{-3}, evaluate<i64>("div.s64 %d, %a, %b;", i64{7}, i64{-2}));
}

TEST(PtxInteger, DivRem_ZeroOrOverflow_DoesNotStopTheProcess) {
    EXPECT_EQ(~u32{0}, evaluate<u32>("div.u32 %d, %a, 0;", u32{5}));
    EXPECT_EQ(5, evaluate<i32>("rem.s32 %d, %a, 0;", i32{5}));
    EXPECT_EQ(least, evaluate<i32>("div.s32 %d, %a, -1;", least));
    EXPECT_EQ(0, evaluate<i32>("rem.s32 %d, %a, -1;", least));
    EXPECT_EQ(least64, evaluate<i64>("div.s64 %d, %a, -1;", least64));
}

TEST(PtxInteger, MinMaxAbsNeg_SignOfTheType_DecidesTheOrder) {
    EXPECT_EQ(-1, evaluate<i32>("min.s32 %d, %a, 1;", i32{-1}));
    EXPECT_EQ(1, evaluate<i32>("min.u32 %d, %a, 1;", i32{-1}));
    EXPECT_EQ(-1, evaluate<i32>("max.u32 %d, %a, 1;", i32{-1}));
    EXPECT_EQ(least, evaluate<i32>("abs.s32 %d, %a;", least));
    EXPECT_EQ(5, evaluate<i16>("neg.s16 %d, %a;", i16{-5}));
}

TEST(PtxInteger, Shift_AmountOfTheWidthOrMore_CountsAsTheWidth) {
    EXPECT_EQ(0x80000000U, evaluate<u32>("shl.b32 %d, %a, 31;", u32{3}));
    EXPECT_EQ(0U, evaluate<u32>("shl.b32 %d, %a, %b;", u32{1}, u32{32}));
    EXPECT_EQ(0U, evaluate<u32>("shr.u32 %d, %a, %b;", ~u32{0}, u32{33}));
    EXPECT_EQ(-1, evaluate<i32>("shr.s32 %d, %a, %b;", least, ~u32{0}));
    EXPECT_EQ(-2, evaluate<i32>("shr.s32 %d, %a, 1;", i32{-4}));
    EXPECT_EQ(0x7FFFFFFEU, evaluate<u32>("shr.b32 %d, %a, 1;", i32{-4}));
    EXPECT_EQ(u16{0}, evaluate<u16>("shl.b16 %d, %a, 16;", u16{1}));
    EXPECT_EQ(u64{1} << 40, evaluate<u64>("shl.b64 %d, %a, 40;", u64{1}));
    EXPECT_EQ(u16{0x0FFF}, evaluate<u16>("shr.u16 %d, %a, 4;", i16{-1}));
}

TEST(PtxInteger, Bits_AllOperations_MatchTheirDefinition) {
    EXPECT_EQ(0x0FU, evaluate<u32>("and.b32 %d, %a, 15;", u32{0xFF}));
    EXPECT_EQ(u64{0xFF}, evaluate<u64>("or.b64 %d, %a, %b;", u64{0xF0}, u64{0x0F}));
    EXPECT_EQ(u16{0xF00F}, evaluate<u16>("xor.b16 %d, %a, %b;", u16{0xFFFF}, u16{0x0FF0}));
    EXPECT_EQ(u16{0xFFF0}, evaluate<u16>("not.b16 %d, %a;", u16{0x0F}));
    EXPECT_EQ(33U, evaluate<u32>("popc.b64 %d, %a;", u64{0x1FFFFFFFF}));
    EXPECT_EQ(32U, evaluate<u32>("clz.b32 %d, %a;", u32{0}));
    EXPECT_EQ(0x80000000U, evaluate<u32>("brev.b32 %d, %a;", u32{1}));
}

TEST(PtxFloat, AddMul_ApartAndFused_RoundTwiceAndOnce) {
    const float x = 1 + f32::epsilon();
    const float square = -(1 + 2 * f32::epsilon());
    EXPECT_EQ(0.0f, evaluate<float>(".reg .f32 %t; mul.f32 %t, %a, %a; add.f32 %d, %t, %b;", x, square));
    EXPECT_EQ(std::ldexp(1.0f, -46), evaluate<float>("fma.rn.f32 %d, %a, %a, %b;", x, square));
    EXPECT_EQ(std::ldexp(1.0f, -46), evaluate<float>("mad.rn.f32 %d, %a, %a, %b;", x, square));
    const double wide = 1 + f64::epsilon();
    EXPECT_EQ(std::ldexp(1.0, -104), evaluate<double>("fma.rn.f64 %d, %a, %a, %b;", wide, -(1 + 2 * f64::epsilon())));
}

TEST(PtxFloat, Results_NotANumber_HaveTheCanonicalPattern) {
    const float infinity = f32::infinity();
    EXPECT_EQ(0x7FFFFFFFU, bits_from("sub.f32 %d, %a, %a;", infinity));
    EXPECT_EQ(0x7FFFFFFFU, bits_from("mul.f32 %d, %a, 0f00000000;", infinity));
    EXPECT_EQ(0x7FFFFFFFU, bits_from("div.rn.f32 %d, %a, %a;", 0.0f));
    EXPECT_EQ(0x7FFFFFFFU, bits_from("sqrt.rn.f32 %d, %a;", -1.0f));
    EXPECT_TRUE(std::isnan(evaluate<double>("div.rn.f64 %d, %a, %a;", 0.0)));
}

TEST(PtxFloat, Subnormals_AreKept) {
    EXPECT_EQ(f32::denorm_min(), evaluate<float>("mul.f32 %d, %a, 0f3F000000;", 2 * f32::denorm_min()));
    EXPECT_EQ(0x00000001U, bits_from("add.f32 %d, %a, 0f00000000;", f32::denorm_min()));
}

TEST(PtxFloat, Division_IsRoundedToTheNearest) {
    EXPECT_EQ(0x3EAAAAABU, bits_from("div.rn.f32 %d, %a, %b;", 1.0f, 3.0f));
    EXPECT_EQ(0x3EAAAAABU, bits_from("rcp.rn.f32 %d, %a;", 3.0f));
    EXPECT_EQ(u64{0x3FD5555555555555}, evaluate<u64>("div.rn.f64 %d, %a, %b;", 1.0, 3.0));
    EXPECT_EQ(f32::infinity(), evaluate<float>("div.rn.f32 %d, %a, %b;", 1.0f, 0.0f));
    EXPECT_EQ(0x3FB504F3U, bits_from("sqrt.rn.f32 %d, %a;", 2.0f));
}

TEST(PtxFloat, MinMax_NaNAndZeros_FollowTheirRules) {
    const float nan = f32::quiet_NaN();
    EXPECT_EQ(1.0f, evaluate<float>("min.f32 %d, %a, %b;", nan, 1.0f));
    EXPECT_EQ(1.0f, evaluate<float>("max.f32 %d, %a, %b;", 1.0f, nan));
    EXPECT_EQ(0x7FFFFFFFU, bits_from("min.f32 %d, %a, %a;", -nan));
    EXPECT_EQ(0x7FFFFFFFU, bits_from("min.NaN.f32 %d, %a, %b;", 1.0f, nan));
    EXPECT_EQ(0x7FFFFFFFU, bits_from("max.NaN.f32 %d, %a, %b;", nan, 1.0f));
    EXPECT_EQ(0x80000000U, bits_from("min.f32 %d, %a, %b;", 0.0f, -0.0f));
    EXPECT_EQ(0x00000000U, bits_from("max.f32 %d, %a, %b;", -0.0f, 0.0f));
    EXPECT_EQ(-2.0, evaluate<double>("max.f64 %d, %a, 0dC000000000000000;", f64::quiet_NaN()));
}

TEST(PtxFloat, Saturated_OutsideZeroToOne_IsClampedAndNaNIsZero) {
    EXPECT_EQ(1.0f, evaluate<float>("add.sat.f32 %d, %a, %a;", 0.75f));
    EXPECT_EQ(0x00000000U, bits_from("mul.sat.f32 %d, %a, %b;", -1.0f, 2.0f));
    EXPECT_EQ(0x00000000U, bits_from("fma.rn.sat.f32 %d, %a, %a, %a;", f32::quiet_NaN()));
    EXPECT_EQ(0.5f, evaluate<float>("cvt.sat.f32.f32 %d, %a;", 0.5f));
}

TEST(PtxFloat, SignOperations_TouchOnlyTheSign) {
    EXPECT_EQ(0x80000000U, bits_from("neg.f32 %d, %a;", 0.0f));
    EXPECT_EQ(2.0, evaluate<double>("abs.f64 %d, %a;", -2.0));
    EXPECT_EQ(-3.0f, evaluate<float>("copysign.f32 %d, %a, %b;", -1.0f, 3.0f));
}

// The tolerance is one unit in the last place: the double result is rounded once.
TEST(PtxFloat, Approximations_AreCloseToTheFunction) {
    EXPECT_FLOAT_EQ(0.84147098f, evaluate<float>("sin.approx.f32 %d, %a;", 1.0f));
    EXPECT_FLOAT_EQ(0.54030231f, evaluate<float>("cos.approx.f32 %d, %a;", 1.0f));
    EXPECT_FLOAT_EQ(0.76159416f, evaluate<float>("tanh.approx.f32 %d, %a;", 1.0f));
    EXPECT_EQ(8.0f, evaluate<float>("ex2.approx.f32 %d, %a;", 3.0f));
    EXPECT_EQ(-f32::infinity(), evaluate<float>("lg2.approx.f32 %d, %a;", 0.0f));
    EXPECT_EQ(0.5f, evaluate<float>("rsqrt.approx.f32 %d, %a;", 4.0f));
}

TEST(PtxHalf, Arithmetic_RoundsOnceToEleven) {
    EXPECT_EQ(0x3C00, evaluate<u16>("add.f16 %d, %a, %b;", u16{0x3C00}, u16{0x1000}));  // 1 + 2^-11 ties to even
    EXPECT_EQ(0x3C02, evaluate<u16>("add.f16 %d, %a, %b;", u16{0x3C01}, u16{0x1000}));
    EXPECT_EQ(0x7C00, evaluate<u16>("mul.f16 %d, %a, %a;", u16{0x7BFF}));
    EXPECT_EQ(0x7FFF, evaluate<u16>("sub.f16 %d, %a, %a;", u16{0x7C00}));
    // 1 * (1 + 2^-10) + 2^-11 is a tie that rounds to even; anything less does not reach the tie.
    EXPECT_EQ(0x3C02, evaluate<u16>("fma.rn.f16 %d, %a, %b, %c;", u16{0x3C01}, u16{0x3C00}, u16{0x1000}));
    EXPECT_EQ(0x3C01, evaluate<u16>("fma.rn.f16 %d, %a, %b, %c;", u16{0x3C01}, u16{0x3C00}, u16{0x0FFF}));
    EXPECT_EQ(0xBC00, evaluate<u16>("neg.f16 %d, %a;", u16{0x3C00}));
    EXPECT_EQ(0x3C00, evaluate<u16>("min.f16 %d, %a, %b;", u16{0x3C00}, u16{0x7E00}));
    EXPECT_TRUE(evaluate<bool>("setp.lt.f16 %d, %a, %b;", u16{0x8001}, u16{0x0000}));
}

TEST(PtxSelect, Predicate_ChoosesTheFirstOrTheSecond) {
    EXPECT_EQ(7, evaluate<i32>(".reg .pred %p; setp.lt.s32 %p, %a, %b; selp.b32 %d, 7, 8, %p;", i32{-1}, i32{0}));
    EXPECT_EQ(8, evaluate<i32>(".reg .pred %p; setp.lt.u32 %p, %a, %b; selp.b32 %d, 7, 8, %p;", i32{-1}, i32{0}));
}

TEST(PtxCompare, Integers_SignOfTheType_DecidesTheOrder) {
    EXPECT_TRUE(evaluate<bool>("setp.lt.s32 %d, %a, 0;", i32{-1}));
    EXPECT_FALSE(evaluate<bool>("setp.lo.u32 %d, %a, 0;", i32{-1}));
    EXPECT_TRUE(evaluate<bool>("setp.hs.u64 %d, %a, %b;", ~u64{0}, u64{1}));
    EXPECT_TRUE(evaluate<bool>("setp.eq.b32 %d, %a, 0xFFFFFFFF;", i32{-1}));
    EXPECT_TRUE(evaluate<bool>("setp.ge.s16 %d, %a, -32768;", i16{-32768}));
    EXPECT_FALSE(evaluate<bool>("setp.ne.s64 %d, %a, -1;", i64{-1}));
}

TEST(PtxCompare, Floats_NaN_IsFalseWhenOrderedAndTrueWhenNot) {
    const float nan = f32::quiet_NaN();
    for (const char* const name : {"eq", "ne", "lt", "le", "gt", "ge", "num"}) {
        EXPECT_FALSE(evaluate<bool>(std::string("setp.") + name + ".f32 %d, %a, %b;", nan, 1.0f)) << name;
    }
    for (const char* const name : {"equ", "neu", "ltu", "leu", "gtu", "geu", "nan"}) {
        EXPECT_TRUE(evaluate<bool>(std::string("setp.") + name + ".f32 %d, %a, %b;", 1.0f, nan)) << name;
    }
    EXPECT_TRUE(evaluate<bool>("setp.eq.f64 %d, %a, %b;", 0.0, -0.0));
    EXPECT_FALSE(evaluate<bool>("setp.ltu.f64 %d, %a, %b;", 2.0, 1.0));
    EXPECT_FALSE(evaluate<bool>("setp.nan.f64 %d, %a, %b;", 2.0, 1.0));
    EXPECT_TRUE(evaluate<bool>("setp.num.f64 %d, %a, %b;", 2.0, 1.0));
}

TEST(PtxCompare, CombinedWithAPredicate_EvenTheDestination_UsesItsOldValue) {
    const std::string set = "setp.eq.s32 %d, %a, 1; ";
    EXPECT_TRUE(evaluate<bool>(set + "setp.ge.or.s32 %d, %a, 5, %d;", i32{1}));
    EXPECT_FALSE(evaluate<bool>(set + "setp.ge.and.s32 %d, %a, 5, %d;", i32{1}));
    EXPECT_FALSE(evaluate<bool>(set + "setp.le.xor.s32 %d, %a, 5, %d;", i32{1}));
}

TEST(PtxCompare, Predicates_LogicAndTests) {
    const std::string set = ".reg .pred %p, %q; setp.eq.s32 %p, %a, 1; setp.eq.s32 %q, %a, 2; ";
    EXPECT_FALSE(evaluate<bool>(set + "and.pred %d, %p, %q;", i32{1}));
    EXPECT_TRUE(evaluate<bool>(set + "or.pred %d, %p, %q;", i32{1}));
    EXPECT_TRUE(evaluate<bool>(set + "xor.pred %d, %p, %q;", i32{2}));
    EXPECT_FALSE(evaluate<bool>(set + "not.pred %d, %p;", i32{1}));
    EXPECT_TRUE(evaluate<bool>("testp.notanumber.f32 %d, %a;", f32::quiet_NaN()));
    EXPECT_TRUE(evaluate<bool>("testp.infinite.f64 %d, %a;", -f64::infinity()));
    EXPECT_FALSE(evaluate<bool>("testp.finite.f32 %d, %a;", f32::infinity()));
    EXPECT_TRUE(evaluate<bool>("testp.subnormal.f32 %d, %a;", f32::denorm_min()));
}
