#include <cstring>

#include "api_helpers.hpp"

namespace {

class CudaDriver : public testing::Test {
  protected:
    void TearDown() override { EXPECT_EQ(LSRT_STATUS_OK, lsrt_cuda_driver_destroy(driver_)); }

    lsrt_status open(const std::string& path) {
        lsrt_cuda_driver_options options{};
        options.struct_size = sizeof options;
        options.library_path = path.c_str();
        return lsrt_cuda_driver_create(&options, &driver_);
    }

    lsrt_cuda_driver* driver_ = nullptr;
};

}  // namespace

TEST_F(CudaDriver, Create_MissingLibrary_NamesThePathAndTheFix) {
    EXPECT_EQ(LSRT_STATUS_LIBRARY_MISSING, open("/nowhere/libcuda-\xC3\xA9.so"));
    EXPECT_EQ(nullptr, driver_);
    expect_contains(last_error(), "/nowhere/libcuda-\xC3\xA9.so (");
    expect_contains(last_error(), "Install NVIDIA's driver");
}

TEST_F(CudaDriver, Create_SystemsDriver_WorksOrSaysWhyNot) {
    const lsrt_status status = lsrt_cuda_driver_create(nullptr, &driver_);
    if (status != LSRT_STATUS_OK) {
        EXPECT_TRUE(status == LSRT_STATUS_LIBRARY_MISSING || status == LSRT_STATUS_DRIVER) << status;
        EXPECT_FALSE(last_error().empty());
        GTEST_SKIP() << last_error();
    }

    int32_t version = 0;
    int32_t count = 0;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_cuda_driver_version(driver_, &version));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_cuda_driver_device_count(driver_, &count));
    EXPECT_GE(version, 11000);
    EXPECT_GE(count, 1);
    lsrt_cuda_device device{};
    device.struct_size = sizeof device;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_cuda_driver_device(driver_, 0, &device));
    EXPECT_GT(device.total_memory, 0);
    EXPECT_GE(device.compute_major, 5);
    EXPECT_NE('\0', device.name[0]);
}

TEST_F(CudaDriver, Calls_NullOrBadArguments_AreRefused) {
    int32_t number = 0;
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_cuda_driver_create(nullptr, nullptr));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_cuda_driver_version(nullptr, &number));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_cuda_driver_device_count(nullptr, &number));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_cuda_driver_device(nullptr, 0, nullptr));
    lsrt_cuda_driver_options options{};
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_cuda_driver_create(&options, &driver_));
}

#if !defined(_WIN32)

TEST_F(CudaDriver, Device_TwoDevices_ReportsWhatTheDriverSays) {
    ASSERT_EQ(LSRT_STATUS_OK, open(FAKES_DIRECTORY "/cuda_two_devices/libcuda.so.1")) << last_error();
    int32_t version = 0;
    int32_t count = 0;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_cuda_driver_version(driver_, &version));
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_cuda_driver_device_count(driver_, &count));
    EXPECT_EQ(12040, version);
    EXPECT_EQ(2, count);
    EXPECT_EQ(FAKES_DIRECTORY "/cuda_two_devices/libcuda.so.1",
              copied_text([&](char* b, int64_t c, int64_t* n) { return lsrt_cuda_driver_path(driver_, b, c, n); }));

    lsrt_cuda_device device{};
    device.struct_size = sizeof device;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_cuda_driver_device(driver_, 0, &device));
    EXPECT_STREQ("Fake One", device.name);
    EXPECT_EQ(int64_t{24} << 30, device.total_memory);
    EXPECT_EQ(8, device.compute_major);
    EXPECT_EQ(6, device.compute_minor);
    EXPECT_EQ(84, device.multiprocessors);

    ASSERT_EQ(LSRT_STATUS_OK, lsrt_cuda_driver_device(driver_, 1, &device));
    EXPECT_EQ(1, device.ordinal);
    EXPECT_EQ(int64_t{139} << 30, device.total_memory);
    EXPECT_EQ(sizeof device.name - 1, std::strlen(device.name));
}

TEST_F(CudaDriver, Device_IndexOutOfRange_IsRefused) {
    ASSERT_EQ(LSRT_STATUS_OK, open(FAKES_DIRECTORY "/cuda_two_devices/libcuda.so.1")) << last_error();
    lsrt_cuda_device device{};
    device.struct_size = sizeof device;
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_cuda_driver_device(driver_, 2, &device));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_cuda_driver_device(driver_, -1, &device));
}

TEST_F(CudaDriver, Create_NoDevice_GivesTheDriversNameAndNumber) {
    EXPECT_EQ(LSRT_STATUS_DRIVER, open(FAKES_DIRECTORY "/cuda_no_device/libcuda.so.1"));
    expect_contains(last_error(), "cuInit failed: CUDA_ERROR_NO_DEVICE (100): no CUDA-capable device is detected");
}

TEST_F(CudaDriver, Create_LibraryWithoutTheFunctions_IsUnusable) {
    EXPECT_EQ(LSRT_STATUS_LIBRARY_UNUSABLE, open(FAKES_DIRECTORY "/cuda_empty/libcuda.so.1"));
    expect_contains(last_error(), "does not export cu");
}

#endif
