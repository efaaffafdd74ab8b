#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "ptx_evaluate.hpp"

namespace {

/// The message of the std::runtime_error that an action throws; fails the test and returns nothing without one.
template <typename Action>
std::string error_of(Action action) {
    try {
        action();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
}

std::string parse_error(const std::string& body) {
    return error_of([&] { ptx::Module::parse(wrap_entry(".param .b64 p", body)); });
}

/// Runs a body that takes the address of these words as its parameter.
template <typename T, std::size_t Count>
void run_on(T (&words)[Count], const std::string& body, const std::uint32_t (&grid)[3] = single,
            const std::uint32_t (&block)[3] = single) {
    const ptx::Module module = ptx::Module::parse(wrap_entry(".param .b64 p", body));
    const void* const address = words;
    module.launch("test", grid, block, &address, sizeof address);
}

const std::string load_pointer = ".reg .b64 %p<4>; .reg .b32 %r<8>; .reg .pred %q<2>; ld.param.u64 %p0, [p];\n";

}  // namespace

// The first line of a body is line 6 of its text.
TEST(PtxParse, Mistakes_AreRefusedWithTheirLineAndReason) {
    const std::string registers = ".reg .b32 %r<2>; .reg .b64 %d<2>; .reg .f32 %f<2>; .reg .pred %q;\n";
    const std::pair<const char*, const char*> cases[] = {
        {"frob.s32 %r0, %r1;", "unknown instruction 'frob.s32'"},
        {"add.s32.frob %r0, %r1, 1;", "unknown instruction 'add.s32.frob'"},
        {"add.ftz.f32 %f0, %f1, %f1;", "unknown instruction 'add.ftz.f32'"},
        {"add.rz.f32 %f0, %f1, %f1;", "unknown instruction 'add.rz.f32'"},
        {"mul.s32 %r0, %r1, %r1;", "unknown instruction 'mul.s32'"},
        {"div.f32 %f0, %f1, %f1;", "unknown instruction 'div.f32'"},
        {"setp.ltu.s32 %q, %r0, %r1;", "unknown instruction 'setp.ltu.s32'"},
        {"cvt.f32.s32 %f0, %r1;", "must say how it rounds"},
        {"cvt.rn.s32.f32 %r0, %f1;", "does not round like that"},
        {"cvt.rn.f64.f32 %d0, %f1;", "does not round like that"},
        {"bar.sync 0;", "cannot work together"},
        {"atom.global.add.u32 %r0, [%d0], 1;", "cannot work together"},
        {"ld.shared.b32 %r0, [%d0];", "shared memory is not supported"},
        {"call foo;", "functions are not supported"},
        {"st.param.b64 [p], %d0;", "cannot be written"},
        {"add.s32 %r0, %r1;", "expected ',', found ';'"},
        {"add.s32 %r0, %r1, %r2;", "unknown register '%r2'"},
        {"add.s32 %r0, %r1, %d0;", "'%d0' does not suit"},
        {"add.s32 %r0, %r1, %f0;", "'%f0' does not suit"},
        {"add.s32 %r0, %r1, 0x100000000;", "constant '0x100000000' does not suit"},
        {"add.f32 %f0, %f1, 1;", "constant '1' does not suit"},
        {"add.f32 %f0, %f1, 0f3F8;", "'0f3F8' is not a floating-point constant"},
        {"mov.u32 %tid.x, 1;", "'%tid.x' cannot be written"},
        {"ld.param.b64 %d0, [q];", "unknown parameter 'q'"},
        {"ld.param.b64 %d0, [p+8];", "leaves 'p'"},
        {"ld.global.b32 %r0, [%r1];", "'%r1' does not suit"},
        {"ld.global.b64 %r0, [%d1];", "'%r0' does not suit"},
        {"@%r0 ret;", "'%r0' does not suit"},
        {"bra nowhere;", "there is no label 'nowhere'"},
        {"brx.idx %r0, nowhere;", "names no .branchtargets"},
        {"here: here: ret;", "'here' is declared already, on line 7"},
        {".reg .b32 %r0;", "'%r0' is declared already, on line 6"},
        {".shared .b32 s;", "unknown instruction '.shared'"},
        {"ret", "expected ';', found '}'"},
        {"add.s32 %r0, %r1, #;", "unexpected character '#'"},
    };
    for (const auto& [statement, reason] : cases) {
        const std::string message = parse_error(registers + statement);
        EXPECT_NE(std::string::npos, message.find(reason)) << statement << "\n" << message;
        EXPECT_NE(std::string::npos, message.find("line ")) << message;
    }
    EXPECT_EQ("PTX, line 7: unknown instruction 'frob.s32'", parse_error(registers + "frob.s32 %r0, %r1;"));
}

TEST(PtxParse, WrongOrUnfinishedText_IsRefused) {
    EXPECT_EQ("PTX, line 1: expected '.version', found 'the end of the text'",
              error_of([] { ptx::Module::parse(""); }));
    const std::string header = ".version 6.3\n.target sm_75\n.address_size ";
    EXPECT_EQ("PTX, line 3: expected '64', found '32'", error_of([&] { ptx::Module::parse(header + "32"); }));
    EXPECT_EQ("PTX, line 4: expected '.entry', found '.func'",
              error_of([&] { ptx::Module::parse(header + "64\n.func f"); }));
    EXPECT_EQ("PTX, line 4: a comment has no end", error_of([&] { ptx::Module::parse(header + "64\n/* \n"); }));
    const std::string entry = ".entry e() { ret; }";
    EXPECT_EQ("PTX, line 5: entry 'e' is defined already",
              error_of([&] { ptx::Module::parse(header + "64\n" + entry + "\n" + entry); }));
}

TEST(PtxParse, Parameters_LieAtTheirAlignmentInOrder) {
    const ptx::Module module = ptx::Module::parse(
        wrap_entry(".param .b8 a, .param .f64 b, .param .b16 c, .param .align 8 .b8 d[12], .param .b32 e", "ret;"));
    const std::vector<ptx::Parameter>& parameters = module.parameters("test");
    const std::pair<std::size_t, std::size_t> expected[] = {{0, 1}, {8, 8}, {16, 2}, {24, 12}, {36, 4}};
    ASSERT_EQ(std::size(expected), parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        EXPECT_EQ(expected[i], std::pair(parameters[i].offset, parameters[i].size)) << i;
    }
    EXPECT_EQ(40U, module.parameter_size("test"));
    EXPECT_TRUE(module.has_entry("test"));
    EXPECT_FALSE(module.has_entry("other"));
    EXPECT_THROW(module.parameter_size("other"), std::runtime_error);
}

TEST(PtxLaunch, WrongArguments_AreRefusedWithTheReason) {
    const ptx::Module module = ptx::Module::parse(wrap_entry(".param .b64 p", "ret;"));
    const std::uint64_t parameter = 0;
    const auto launch = [&](const std::uint32_t(&grid)[3], const std::uint32_t(&block)[3], std::size_t size) {
        return error_of([&] { module.launch("test", grid, block, &parameter, size); });
    };
    EXPECT_EQ("launch of test: the parameters take 8 bytes, 4 were given", launch(single, single, 4));
    EXPECT_EQ("launch of test: grid (1, 0, 1), block (1, 1, 1): none may be 0", launch({1, 0, 1}, single, 8));
    EXPECT_EQ("launch of test: block (32, 33, 1) exceeds 1024 threads", launch(single, {32, 33, 1}, 8));
    EXPECT_EQ("launch of test: block (1, 4294967295, 1) exceeds 1024 threads", launch(single, {1, 0xFFFFFFFF, 1}, 8));
    EXPECT_EQ("the module has no entry 'other'",
              error_of([&] { module.launch("other", single, single, &parameter, 8); }));

    const ptx::Module bounded = ptx::Module::parse(
        ".version 6.3 .target sm_75 .address_size 64 .entry test() .maxntid 8, 2 .minnctapersm 1 { ret; }");
    EXPECT_NO_THROW(bounded.launch("test", single, {4, 2, 2}, nullptr, 0));
    EXPECT_EQ("launch of test: block (17, 1, 1) exceeds 16 threads", error_of([&] {
                  bounded.launch("test", single, {17, 1, 1}, nullptr, 0);
              }));
}

TEST(PtxLaunch, Grid_EveryThreadRunsOnceWithItsPosition) {
    std::uint32_t counts[2 * 3 * 2 * 4] = {};
    run_on(counts,
           load_pointer +
               "mov.u32 %r0, %ctaid.y; mad.lo.u32 %r0, %r0, %nctaid.x, %ctaid.x;\n"
               "mad.lo.u32 %r0, %r0, %ntid.z, %tid.z; mad.lo.u32 %r0, %r0, %ntid.x, %tid.x;\n"
               "mul.wide.u32 %p1, %r0, 4; add.u64 %p1, %p0, %p1;\n"
               "ld.global.u32 %r1, [%p1]; add.u32 %r1, %r1, 1; st.global.u32 [%p1], %r1; ret;",
           {2, 3, 1}, {4, 1, 2});
    for (const std::uint32_t count : counts) {
        EXPECT_EQ(1U, count);
    }
}

TEST(PtxLaunch, EndlessLoop_IsStopped) {
    const std::string message = error_of([] {
        std::uint32_t words[1] = {};
        run_on(words, "again: bra.uni again;");
    });
    EXPECT_EQ(
        "PTX, line 6: test, thread (0, 0, 0) of block (0, 0, 0): a thread has run 67108864 instructions and does "
        "not end",
        message);
}

TEST(PtxLaunch, WrongAccess_IsReportedWithLineAndThread) {
    alignas(8) std::uint32_t words[2] = {};
    const std::string misaligned = error_of([&] { run_on(words, load_pointer + "ld.global.b32 %r0, [%p0+2];"); });
    EXPECT_NE(std::string::npos, misaligned.find("PTX, line 7: test, thread (0, 0, 0)")) << misaligned;
    EXPECT_NE(std::string::npos, misaligned.find("not a multiple of 4")) << misaligned;
    const std::string null =
        error_of([&] { run_on(words, load_pointer + "mov.u64 %p1, 0; st.global.b32 [%p1+8], 1;"); });
    EXPECT_NE(std::string::npos, null.find("access to 0x8, which is close to null")) << null;
    const std::string trap = error_of([&] { run_on(words, load_pointer + "trap;"); });
    EXPECT_NE(std::string::npos, trap.find(": trap")) << trap;
}

TEST(PtxFlow, Guards_RunOnlyWhereTheirPredicateSaysSo) {
    std::uint32_t words[3] = {9, 9, 9};
    run_on(words, load_pointer +
                      "setp.eq.u32 %q0, 1, 1;\n@%q0 st.global.u32 [%p0], 1;\n@!%q0 st.global.u32 [%p0+4], 1;\n"
                      "@%q0 bra done; st.global.u32 [%p0+8], 1; done: ret;");
    EXPECT_EQ(1U, words[0]);
    EXPECT_EQ(9U, words[1]);
    EXPECT_EQ(9U, words[2]);
}

TEST(PtxFlow, IndexedBranch_GoesToItsTargetOrPastThemAll) {
    const std::string body =
        load_pointer +
        "targets: .branchtargets one, two;\nld.global.u32 %r0, [%p0]; setp.lt.u32 %q0, %r0, 2;\n"
        "@%q0 brx.idx.uni %r0, targets;\nmov.u32 %r1, 30; bra.uni done;\none: mov.u32 %r1, 10; bra.uni done;\n"
        "two: mov.u32 %r1, 20;\ndone: st.global.u32 [%p0+4], %r1; ret;";
    for (std::uint32_t index = 0; index < 3; ++index) {
        std::uint32_t words[2] = {index, 0};
        run_on(words, body);
        EXPECT_EQ(10 * (index + 1), words[1]);
    }
}

TEST(PtxMemory, NarrowLoads_ExtendByTheirType) {
    std::uint32_t words[6] = {0x8081FFFE};
    run_on(words, load_pointer +
                      "ld.global.u8 %r0, [%p0]; ld.global.s8 %r1, [%p0]; ld.global.b16 %r2, [%p0+2]; ld.global.s16 "
                      "%r3, [%p0+2];\n"
                      "st.global.b32 [%p0+4], %r0; st.global.b32 [%p0+8], %r1; st.global.b32 [%p0+12], %r2;\n"
                      "st.global.b32 [%p0+16], %r3; mov.b32 %r4, -1; st.global.b8 [%p0+20], %r4; ret;");
    EXPECT_EQ(0xFEU, words[1]);
    EXPECT_EQ(0xFFFFFFFEU, words[2]);
    EXPECT_EQ(0x8081U, words[3]);
    EXPECT_EQ(0xFFFF8081U, words[4]);
    EXPECT_EQ(0xFFU, words[5]);
}

TEST(PtxMemory, Vectors_MoveAllElementsEvenOverTheirAddress) {
    alignas(16) std::uint64_t words[4] = {7, 8, 0, 0};
    run_on(words,
           load_pointer +
               "mov.u64 %p2, %p0; ld.global.v2.u64 {%p0, %p1}, [%p0]; st.global.v2.u64 [%p2+16], {%p1, %p0}; ret;");
    EXPECT_EQ(8U, words[2]);
    EXPECT_EQ(7U, words[3]);
    const std::string message =
        error_of([&] { run_on(words, load_pointer + "ld.global.v4.u32 {%r0, %r1, %r2, %r3}, [%p0+8];"); });
    EXPECT_NE(std::string::npos, message.find("not a multiple of 16")) << message;
}

TEST(PtxMemory, LocalVariables_BelongToTheThread) {
    std::uint32_t words[2] = {};
    run_on(words,
           load_pointer +
               ".local .align 8 .b8 first[8]; .local .b32 second;\n"
               "mov.u32 %r0, %tid.x; ld.local.u32 %r2, [second]; st.local.u32 [second], %r0; mov.u64 %p1, first;\n"
               "st.local.u32 [%p1+4], %r2; cvta.local.u64 %p1, %p1; ld.u32 %r1, [%p1+4];\n"
               "mul.wide.u32 %p2, %r0, 4; add.u64 %p2, %p0, %p2; st.global.u32 [%p2], %r1; ret;",
           single, {2, 1, 1});
    EXPECT_EQ(words[0], words[1]);  // garbage, the same for either thread: nothing of the first is left to the second
    EXPECT_NE(0U, words[0]);
}
