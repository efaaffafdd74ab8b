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

TEST(PtxConvert, IntegerToInteger_TruncatesExtendsOrSaturates) {
    EXPECT_EQ(0xFFU, evaluate<u32>("cvt.u32.u8 %d, %a;", u16{0xFFFF}));
    EXPECT_EQ(-1, evaluate<i32>("cvt.s32.s8 %d, %a;", u16{0x00FF}));
    EXPECT_EQ(255, evaluate<i32>("cvt.s32.u8 %d, %a;", u16{0x12FF}));
    EXPECT_EQ(u16{0xFF80}, evaluate<u16>("cvt.s8.s32 %d, %a;", u32{0x180}));  // extended to the register
    EXPECT_EQ(u16{0x80}, evaluate<u16>("cvt.u8.u32 %d, %a;", u32{0x180}));
    EXPECT_EQ(i64{-5}, evaluate<i64>("cvt.s64.s32 %d, %a;", i32{-5}));
    EXPECT_EQ(i64{0xFFFFFFFB}, evaluate<i64>("cvt.u64.u32 %d, %a;", i32{-5}));
    EXPECT_EQ(u16{0}, evaluate<u16>("cvt.sat.u8.s32 %d, %a;", i32{-5}));
    EXPECT_EQ(u16{255}, evaluate<u16>("cvt.sat.u8.s32 %d, %a;", i32{300}));
    EXPECT_EQ(0x7FFFFFFF, evaluate<i32>("cvt.sat.s32.u64 %d, %a;", ~u64{0}));
}

TEST(PtxConvert, FloatToInteger_RoundsAsSaidAndSaturates) {
    EXPECT_EQ(-2, evaluate<i32>("cvt.rni.s32.f32 %d, %a;", -2.5f));
    EXPECT_EQ(-2, evaluate<i32>("cvt.rzi.s32.f32 %d, %a;", -2.9f));
    EXPECT_EQ(-3, evaluate<i32>("cvt.rmi.s32.f64 %d, %a;", -2.1));
    EXPECT_EQ(3, evaluate<i32>("cvt.rpi.s32.f64 %d, %a;", 2.1));
    EXPECT_EQ(0x7FFFFFFF, evaluate<i32>("cvt.rzi.s32.f32 %d, %a;", 3e9f));
    EXPECT_EQ(least, evaluate<i32>("cvt.rzi.s32.f64 %d, %a;", -f64::infinity()));
    EXPECT_EQ(u16{255}, evaluate<u16>("cvt.rzi.u8.f32 %d, %a;", 256.0f));
    EXPECT_EQ(u16{254}, evaluate<u16>("cvt.rzi.u8.f32 %d, %a;", 254.99f));
    EXPECT_EQ(0U, evaluate<u32>("cvt.rzi.u32.f32 %d, %a;", -1.0f));
    EXPECT_EQ(~u64{0}, evaluate<u64>("cvt.rzi.u64.f64 %d, %a;", 1e30));
    EXPECT_EQ(std::numeric_limits<i64>::max(), evaluate<i64>("cvt.rzi.s64.f32 %d, %a;", 0x1p63f));
    EXPECT_EQ(65504, evaluate<i32>("cvt.rzi.s32.f16 %d, %a;", u16{0x7BFF}));
}

TEST(PtxConvert, NaNToInteger_IsZeroOrTheHighestBit) {
    EXPECT_EQ(0, evaluate<i32>("cvt.rzi.s32.f32 %d, %a;", f32::quiet_NaN()));
    EXPECT_EQ(u16{0}, evaluate<u16>("cvt.rzi.u8.f32 %d, %a;", f32::quiet_NaN()));
    EXPECT_EQ(least, evaluate<i32>("cvt.rzi.s32.f64 %d, %a;", f64::quiet_NaN()));
    EXPECT_EQ(least64, evaluate<i64>("cvt.rzi.s64.f32 %d, %a;", f32::quiet_NaN()));
    EXPECT_EQ(u64{1} << 63, evaluate<u64>("cvt.rzi.u64.f64 %d, %a;", f64::quiet_NaN()));
}

TEST(PtxConvert, IntegerToFloat_RoundsAsSaid) {
    EXPECT_EQ(16777216.0f, evaluate<float>("cvt.rn.f32.s32 %d, %a;", i32{16777217}));
    EXPECT_EQ(16777218.0f, evaluate<float>("cvt.rp.f32.s32 %d, %a;", i32{16777217}));
    EXPECT_EQ(-16777218.0f, evaluate<float>("cvt.rm.f32.s32 %d, %a;", i32{-16777217}));
    EXPECT_EQ(-16777216.0f, evaluate<float>("cvt.rz.f32.s32 %d, %a;", i32{-16777217}));
    EXPECT_EQ(0x1p64f, evaluate<float>("cvt.rp.f32.u64 %d, %a;", ~u64{0}));
    EXPECT_EQ(0x1.fffffep63f, evaluate<float>("cvt.rz.f32.u64 %d, %a;", ~u64{0}));
    EXPECT_EQ(4294967295.0, evaluate<double>("cvt.rn.f64.u32 %d, %a;", i32{-1}));
    EXPECT_EQ(-0x1p63, evaluate<double>("cvt.rz.f64.s64 %d, %a;", least64));
    EXPECT_EQ(200.0f, evaluate<float>("cvt.rn.f32.u8 %d, %a;", u16{0xFFC8}));
    EXPECT_EQ(0x6800, evaluate<u16>("cvt.rn.f16.s32 %d, %a;", i32{2049}));  // a tie: 2048
    EXPECT_EQ(0x7C00, evaluate<u16>("cvt.rn.f16.u64 %d, %a;", ~u64{0}));
}

TEST(PtxConvert, FloatToFloat_RoundsAsSaid) {
    const double tie = 1 + 0x1p-24;  // halfway between 1 and the next float
    EXPECT_EQ(1.0f, evaluate<float>("cvt.rn.f32.f64 %d, %a;", tie));
    EXPECT_EQ(1 + 2 * f32::epsilon(), evaluate<float>("cvt.rn.f32.f64 %d, %a;", 1 + 0x3p-24));  // to the even one
    EXPECT_EQ(1 + f32::epsilon(), evaluate<float>("cvt.rp.f32.f64 %d, %a;", tie));
    EXPECT_EQ(-1.0f, evaluate<float>("cvt.rz.f32.f64 %d, %a;", -tie));
    EXPECT_EQ(-1 - f32::epsilon(), evaluate<float>("cvt.rm.f32.f64 %d, %a;", -tie));
    EXPECT_EQ(f32::infinity(), evaluate<float>("cvt.rn.f32.f64 %d, %a;", 1e300));
    EXPECT_EQ(f32::max(), evaluate<float>("cvt.rz.f32.f64 %d, %a;", 1e300));
    EXPECT_EQ(-2.0f, evaluate<float>("cvt.rmi.f32.f32 %d, %a;", -1.5f));
    EXPECT_EQ(2.0, evaluate<double>("cvt.rni.f64.f64 %d, %a;", 2.5));
    EXPECT_EQ(0x7BFF, evaluate<u16>("cvt.rn.f16.f32 %d, %a;", 65519.0f));
    EXPECT_EQ(0x7C00, evaluate<u16>("cvt.rn.f16.f32 %d, %a;", 65520.0f));
    EXPECT_EQ(0x0001, evaluate<u16>("cvt.rn.f16.f32 %d, %a;", 0x1p-24f));
    EXPECT_EQ(0x0000, evaluate<u16>("cvt.rn.f16.f32 %d, %a;", 0x1p-25f));
    EXPECT_EQ(0x0001, evaluate<u16>("cvt.rp.f16.f64 %d, %a;", 1e-300));
    EXPECT_EQ(0x0400, evaluate<u16>("cvt.rn.f16.f64 %d, %a;", 0x1.ffffp-15));  // rounds up to the least normal one
    EXPECT_EQ(0x8000, evaluate<u16>("cvt.rn.f16.f32 %d, %a;", -0.0f));
    EXPECT_EQ(0x1p-24f, evaluate<float>("cvt.f32.f16 %d, %a;", u16{0x0001}));
    EXPECT_EQ(-1.5, evaluate<double>("cvt.f64.f16 %d, %a;", u16{0xBE00}));
}
