#include "api_helpers.hpp"

namespace {

class TensorRt : public testing::Test {
  protected:
    void TearDown() override { EXPECT_EQ(LSRT_STATUS_OK, lsrt_tensorrt_destroy(tensorrt_)); }

    lsrt_status open(const std::string& directory, int32_t major = 0) {
        lsrt_tensorrt_options options{};
        options.struct_size = sizeof options;
        options.directory = directory.c_str();
        options.major = major;
        return lsrt_tensorrt_create(&options, &tensorrt_);
    }

    lsrt_tensorrt_info info() const {
        lsrt_tensorrt_info info{};
        info.struct_size = sizeof info;
        EXPECT_EQ(LSRT_STATUS_OK, lsrt_tensorrt_info_get(tensorrt_, &info));
        return info;
    }

    std::string parser_path() const {
        return copied_text(
            [&](char* b, int64_t c, int64_t* n) { return lsrt_tensorrt_onnx_parser_path(tensorrt_, b, c, n); });
    }

    lsrt_tensorrt* tensorrt_ = nullptr;
};

}  // namespace

TEST_F(TensorRt, Create_MissingLibrary_NamesEveryFileTried) {
    EXPECT_EQ(LSRT_STATUS_LIBRARY_MISSING, open("/nowhere"));
    EXPECT_EQ(nullptr, tensorrt_);
#if !defined(_WIN32)
    expect_contains(last_error(), "/nowhere/libnvinfer.so.11 (");
    expect_contains(last_error(), "/nowhere/libnvinfer.so.10 (");
#endif
    expect_contains(last_error(), "Install TensorRT");
}

TEST_F(TensorRt, Create_UnsupportedMajor_IsRefused) {
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, open("/nowhere", 8));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, open(""));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_tensorrt_create(nullptr, nullptr));
    lsrt_tensorrt_options reserved{};
    reserved.struct_size = sizeof reserved;
    reserved.reserved = 1;
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_tensorrt_create(&reserved, &tensorrt_));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, lsrt_tensorrt_info_get(nullptr, nullptr));
}

#if !defined(_WIN32)

TEST_F(TensorRt, Create_LibraryAndParser_ReportsVersionAndPaths) {
    ASSERT_EQ(LSRT_STATUS_OK, open(FAKES_DIRECTORY "/tensorrt_complete")) << last_error();
    EXPECT_EQ(11, info().major);
    EXPECT_EQ(1, info().minor);
    EXPECT_EQ(2, info().patch);
    EXPECT_EQ(1, info().has_onnx_parser);
    EXPECT_EQ(FAKES_DIRECTORY "/tensorrt_complete/libnvinfer.so.11",
              copied_text([&](char* b, int64_t c, int64_t* n) { return lsrt_tensorrt_path(tensorrt_, b, c, n); }));
    EXPECT_EQ(FAKES_DIRECTORY "/tensorrt_complete/libnvonnxparser.so.11", parser_path());
}

TEST_F(TensorRt, Create_WithoutParser_WorksAndSaysWhatWasTried) {
    ASSERT_EQ(LSRT_STATUS_OK, open(FAKES_DIRECTORY "/tensorrt_10")) << last_error();
    EXPECT_EQ(10, info().major);
    EXPECT_EQ(16, info().minor);
    EXPECT_EQ(3, info().patch);
    EXPECT_EQ(0, info().has_onnx_parser);
    expect_contains(parser_path(), "/tensorrt_10/libnvonnxparser.so.10 (");
}

TEST_F(TensorRt, Create_OtherMajorThanAskedFor_IsMissing) {
    EXPECT_EQ(LSRT_STATUS_LIBRARY_MISSING, open(FAKES_DIRECTORY "/tensorrt_10", 11));
}

TEST_F(TensorRt, Create_OldLibraryUnderANewName_IsUnusable) {
    EXPECT_EQ(LSRT_STATUS_LIBRARY_UNUSABLE, open(FAKES_DIRECTORY "/tensorrt_renamed"));
    expect_contains(last_error(), "says that its version is 8601");
}

#endif
