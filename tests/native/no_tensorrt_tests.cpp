#include "device_fixture.hpp"

// The flavour without TensorRT: what needs it says so, and what to do.

namespace {

class NoTensorRt : public DeviceTest {
  protected:
    void SetUp() override {
        DeviceTest::SetUp();
        open();
        lsrt_tensorrt_options options{};
        options.struct_size = sizeof options;
        options.directory = FAKES_DIRECTORY "/tensorrt_10";
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_tensorrt_create(&options, &tensorrt_)) << last_error();
    }

    void TearDown() override {
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_tensorrt_destroy(tensorrt_));
        DeviceTest::TearDown();
    }

    static void expect_unsupported(lsrt_status status) {
        EXPECT_EQ(LSRT_STATUS_UNSUPPORTED, status);
        expect_contains(last_error(), "load latentsync_rt_trt10");
        expect_contains(last_error(), "-DTENSORRT_INCLUDE");
    }

    lsrt_tensorrt* tensorrt_ = nullptr;
};

}  // namespace

TEST_F(NoTensorRt, BuildMergeAndCreate_AreUnsupportedWithTheFix) {
    lsrt_build_options options{};
    options.struct_size = sizeof options;
    options.model_path = "model.onnx";
    lsrt_blob* blob = nullptr;
    lsrt_engine* engine = nullptr;
    const char bytes[64] = {};
    expect_unsupported(lsrt_engine_build(tensorrt_, device_, &options, nullptr, &blob, nullptr));
    expect_unsupported(lsrt_timing_cache_merge(tensorrt_, device_, bytes, 64, bytes, 64, &blob));
    expect_unsupported(lsrt_engine_create(tensorrt_, device_, bytes, 64, nullptr, nullptr, &engine));
    EXPECT_EQ(nullptr, blob);
    EXPECT_EQ(nullptr, engine);
}

TEST_F(NoTensorRt, RuntimeInfo_HasNoTensorRt) {
    lsrt_runtime_info info{};
    info.struct_size = sizeof info;
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_runtime_info_get(&info));
    EXPECT_EQ(0, info.tensorrt_major);
    EXPECT_EQ(0, info.tensorrt_version);
}

TEST(TensorRtFlavours, Headers_WereGiven) {
    if (!HAS_TENSORRT_HEADERS) {
        GTEST_SKIP() << "building and running engines is not tested: CMake was given no headers of TensorRT "
                        "(-DTENSORRT_INCLUDE=FOLDER[;FOLDER], or -DLSRT_FETCH_TENSORRT=ON)";
    }
}
