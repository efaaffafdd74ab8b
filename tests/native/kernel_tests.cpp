#include "device_fixture.hpp"

const char* const multiply_add_ptx = R"(
.version 6.0
.target sm_60
.address_size 64

.visible .entry multiply_add(
    .param .b64 multiply_add_param_0,
    .param .b64 multiply_add_param_1,
    .param .b32 multiply_add_param_2,
    .param .b32 multiply_add_param_3
)
{
    .reg .pred %p<2>;
    .reg .b32 %r<7>;
    .reg .f32 %f<5>;
    .reg .b64 %rd<6>;

    ld.param.b64 %rd1, [multiply_add_param_0];
    ld.param.b64 %rd2, [multiply_add_param_1];
    ld.param.f32 %f1, [multiply_add_param_2];
    ld.param.b32 %r1, [multiply_add_param_3];
    mov.u32 %r2, %ctaid.x;
    mov.u32 %r3, %ntid.x;
    mov.u32 %r4, %tid.x;
    mad.lo.s32 %r5, %r2, %r3, %r4;
    setp.ge.u32 %p1, %r5, %r1;
    @%p1 bra DONE;
    mul.wide.u32 %rd3, %r5, 4;
    add.u64 %rd4, %rd1, %rd3;
    add.u64 %rd5, %rd2, %rd3;
    ld.global.f32 %f2, [%rd4];
    ld.global.f32 %f3, [%rd5];
    fma.rn.f32 %f4, %f1, %f3, %f2;
    st.global.f32 [%rd4], %f4;
DONE:
    ret;
}
)";

namespace {

class Kernels : public DeviceTest {
  protected:
    void SetUp() override {
        DeviceTest::SetUp();
        open();
    }
};

TEST_F(Kernels, Launch_MultiplyAdd_ComputesAndIsCounted) {
    load();
    lsrt_buffer* x = buffer({1, 2, 3, 4});
    lsrt_buffer* y = buffer({10, 20, 30, 40});
    ASSERT_EQ(LSRT_STATUS_OK, launch(stream_, y, x, 2.0F, 3)) << last_error();
    EXPECT_EQ((std::vector<float>{12, 24, 36, 40}), read(y));
    EXPECT_EQ(1, lsrt_double_launches("multiply_add"));
    EXPECT_EQ(1, counters().kernel_launches);
}

TEST_F(Kernels, Module_BadPtx_FailsWithTheCompilersLog) {
    std::string ptx = multiply_add_ptx;
    ptx.replace(ptx.find("fma.rn.f32"), 10, "nonsense.x");
    EXPECT_EQ(LSRT_STATUS_KERNEL_COMPILATION,
              lsrt_module_create(device_, ptx.data(), static_cast<int64_t>(ptx.size()), &module_));
    expect_contains(last_error(), "CUDA_ERROR_INVALID_PTX (218)");
    expect_contains(last_error(), "nonsense");
    EXPECT_EQ(nullptr, module_);
}

TEST_F(Kernels, Module_EveryCompilationError_HasThatStatus) {
    const std::string_view ptx = multiply_add_ptx;
    for (const int result : {200, 209, 218, 221, 222, 223, 300}) {
        ASSERT_EQ(0, lsrt_double_fail("cuModuleLoadDataEx", 1, result));
        EXPECT_EQ(LSRT_STATUS_KERNEL_COMPILATION,
                  lsrt_module_create(device_, ptx.data(), static_cast<int64_t>(ptx.size()), &module_))
            << result;
    }
}

TEST_F(Kernels, Module_LengthWithoutClosingZero_IsEnough) {
    std::string ptx = multiply_add_ptx;
    const auto length = static_cast<int64_t>(ptx.size());
    ptx += "nonsense";
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_module_create(device_, ptx.data(), length, &module_)) << last_error();
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_module_create(device_, nullptr, 5, &module_));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_module_create(device_, "x", 0, &module_));
}

TEST_F(Kernels, Kernel_NoSuchEntry_NamesIt) {
    load();
    lsrt_kernel* kernel = nullptr;
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_kernel_create(module_, "divide", &kernel));
    expect_contains(last_error(), "no entry 'divide'");
    EXPECT_EQ(nullptr, kernel);
}

TEST_F(Kernels, Kernel_Create_LoadsTheFunctionAtOnce) {
    load();
    EXPECT_EQ(1, lsrt_double_calls("cuFuncGetAttribute"));
}

TEST_F(Kernels, Launch_BadArguments_AreRefusedBeforeTheDriverSeesThem) {
    load();
    lsrt_launch good{};
    good.struct_size = sizeof good;
    good.grid_x = good.grid_y = good.grid_z = good.block_x = good.block_y = good.block_z = 1;
    char parameters[24] = {};
    lsrt_launch bad = good;
    bad.grid_y = 0;
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_kernel_launch(kernel_, stream_, &bad, parameters, 24));
    bad = good;
    bad.block_z = 0;
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_kernel_launch(kernel_, stream_, &bad, parameters, 24));
    bad = good;
    bad.reserved = 1;
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_kernel_launch(kernel_, stream_, &bad, parameters, 24));
    bad = good;
    bad.struct_size = 0;
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_kernel_launch(kernel_, stream_, &bad, parameters, 24));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_kernel_launch(kernel_, stream_, &good, nullptr, 24));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_kernel_launch(kernel_, stream_, &good, parameters, -1));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_kernel_launch(kernel_, stream_, nullptr, parameters, 24));
    EXPECT_EQ(0, lsrt_double_calls("cuLaunchKernel"));
}

TEST_F(Kernels, Launch_RefusedByTheDriver_IsLaunchAndNotCounted) {
    load();
    lsrt_launch large{};
    large.struct_size = sizeof large;
    large.grid_x = large.grid_y = large.grid_z = large.block_y = large.block_z = 1;
    large.block_x = 1025;
    const char parameters[24] = {};
    EXPECT_EQ(LSRT_STATUS_LAUNCH, lsrt_kernel_launch(kernel_, stream_, &large, parameters, 24));
    large.block_x = 1;
    EXPECT_EQ(LSRT_STATUS_LAUNCH, lsrt_kernel_launch(kernel_, stream_, &large, parameters, 16));
    EXPECT_EQ(0, counters().kernel_launches);
}

}  // namespace
