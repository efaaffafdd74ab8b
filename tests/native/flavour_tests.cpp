#include "engine_fixture.hpp"

// A flavour with TensorRT, and libraries that are not the ones it was built for.

namespace {

class Flavour : public EngineTest {
  protected:
    void open_fake(const char* directory) {
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_tensorrt_destroy(tensorrt_));
        tensorrt_ = nullptr;
        lsrt_tensorrt_options options{};
        options.struct_size = sizeof options;
        options.directory = directory;
        ASSERT_EQ(LSRT_STATUS_OK, lsrt_tensorrt_create(&options, &tensorrt_)) << last_error();
    }
};

}  // namespace

TEST_F(Flavour, Build_LibraryOfTheOtherMajorVersion_IsUnsupportedNamingBoth) {
    const int other = TENSORRT_MAJOR == 10 ? 11 : 10;
    open_fake(other == 10 ? FAKES_DIRECTORY "/tensorrt_10" : FAKES_DIRECTORY "/tensorrt_complete");
    const std::string model = write("model.txt", scale_and_add);
    std::string plan;
    EXPECT_EQ(LSRT_STATUS_UNSUPPORTED, build(options(model, one_profile()), &plan));
    expect_contains(last_error(), "serves TensorRT " + std::to_string(TENSORRT_MAJOR));
    expect_contains(last_error(), "the loaded library is TensorRT " + std::to_string(other) + ".");
    expect_contains(last_error(), "load latentsync_rt_trt" + std::to_string(other));
    EXPECT_EQ(LSRT_STATUS_UNSUPPORTED, load("any plan"));
}

TEST_F(Flavour, Build_LibraryWithoutItsFunctions_IsUnusable) {
    // The fakes only say their version.
    open_fake(TENSORRT_MAJOR == 10 ? FAKES_DIRECTORY "/tensorrt_10" : FAKES_DIRECTORY "/tensorrt_complete");
    const std::string model = write("model.txt", scale_and_add);
    std::string plan;
    EXPECT_EQ(LSRT_STATUS_LIBRARY_UNUSABLE, build(options(model, one_profile()), &plan));
    expect_contains(last_error(), "createInferBuilder_INTERNAL");
}

TEST_F(Flavour, Build_WithoutParser_SaysWhatWasTried) {
    // The double, alone in a folder.
    const std::string library = "libnvinfer.so." + std::to_string(TENSORRT_MAJOR);
    std::filesystem::create_symlink(std::string(TENSORRT_DOUBLE) + "/" + library, folder_ / library);
    open_fake(folder_.c_str());
    const std::string model = write("model.txt", scale_and_add);
    std::string plan;
    EXPECT_EQ(LSRT_STATUS_LIBRARY_MISSING, build(options(model, one_profile()), &plan));
    expect_contains(last_error(), "libnvonnxparser.so." + std::to_string(TENSORRT_MAJOR));
}
