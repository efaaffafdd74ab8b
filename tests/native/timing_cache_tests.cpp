#include "engine_fixture.hpp"

// Timing caches: used, refused, merged.

namespace {

class TimingCache : public EngineTest {
  protected:
    void SetUp() override {
        EngineTest::SetUp();
        model_ = write("model.txt", scale_and_add);
        shapes_ = one_profile();
    }

    /// Builds with that cache, and gives the new one.
    lsrt_status build_with(const std::string& before, std::string* after) {
        lsrt_build_options with = options(model_, shapes_);
        with.timing_cache = before.empty() ? nullptr : before.data();
        with.timing_cache_size = static_cast<int64_t>(before.size());
        std::string plan;
        return build(with, &plan, nullptr, after);
    }

    lsrt_status merge(const std::string& first, const std::string& second, std::string* merged) {
        lsrt_blob* blob = nullptr;
        const lsrt_status status =
            lsrt_timing_cache_merge(tensorrt_, device_, first.data(), static_cast<int64_t>(first.size()), second.data(),
                                    static_cast<int64_t>(second.size()), &blob);
        if (status == LSRT_STATUS_OK) {
            *merged = take(blob);
        }

        return status;
    }

    static std::string replaced(std::string text, const std::string& from, const std::string& to) {
        return text.replace(text.find(from), from.size(), to);
    }

    std::string model_;
    std::vector<lsrt_profile_shape> shapes_;
};

}  // namespace

TEST_F(TimingCache, Build_WithTheCacheOfABuild_TimesNothing) {
    std::string first;
    std::string second;
    const int64_t before = lsrt_double_nvinfer_tactics_timed();
    ASSERT_EQ(LSRT_STATUS_OK, build_with("", &first)) << last_error();
    EXPECT_EQ(before + 2, lsrt_double_nvinfer_tactics_timed());
    ASSERT_EQ(LSRT_STATUS_OK, build_with(first, &second)) << last_error();
    EXPECT_EQ(before + 2, lsrt_double_nvinfer_tactics_timed());
    EXPECT_EQ(first, second);
}

TEST_F(TimingCache, Build_ForeignOrDamagedCache_IsRefused) {
    std::string cache;
    std::string after;
    ASSERT_EQ(LSRT_STATUS_OK, build_with("", &cache)) << last_error();
    for (const std::string& wrong : {replaced(cache, "double-device", "another-device"), cache.substr(0, 40),
                                     replaced(cache, "double-timing-cache 1", "double-timing-cache 9")}) {
        EXPECT_EQ(LSRT_STATUS_PLAN, build_with(wrong, &after));
        expect_contains(last_error(), "build again without it");
    }
}

TEST_F(TimingCache, Merge_TwoCaches_HasBothAndTheSecondWins) {
    std::string cache;
    ASSERT_EQ(LSRT_STATUS_OK, build_with("", &cache)) << last_error();
    // Two nodes each, one of them in both, with tactics that tell them apart.
    const std::string header = cache.substr(0, cache.find(" 2\n"));
    const std::string first = header + " 2\nadd:a first\nadd:both first\nend\n";
    const std::string second = header + " 2\nadd:b second\nadd:both second\nend\n";
    std::string merged;
    ASSERT_EQ(LSRT_STATUS_OK, merge(first, second, &merged)) << last_error();
    EXPECT_EQ(header + " 3\nadd:a first\nadd:b second\nadd:both second\nend\n", merged);
}

TEST_F(TimingCache, Merge_ForeignCache_IsRefusedOnEitherSide) {
    std::string cache;
    std::string merged;
    ASSERT_EQ(LSRT_STATUS_OK, build_with("", &cache)) << last_error();
    const std::string foreign = replaced(cache, "double-device", "another-device");
    EXPECT_EQ(LSRT_STATUS_PLAN, merge(cache, foreign, &merged));
    EXPECT_EQ(LSRT_STATUS_PLAN, merge(foreign, cache, &merged));
    EXPECT_EQ(LSRT_STATUS_PLAN, merge(cache, "garbage", &merged));
    EXPECT_EQ(LSRT_STATUS_INVALID_ARGUMENT, merge(cache, "", &merged));
}

TEST_F(TimingCache, Merge_WhileAStreamCaptures_IsRefused) {
    std::string cache;
    std::string merged;
    ASSERT_EQ(LSRT_STATUS_OK, build_with("", &cache)) << last_error();
    ASSERT_EQ(LSRT_STATUS_OK, lsrt_stream_begin_capture(stream_)) << last_error();
    EXPECT_EQ(LSRT_STATUS_INVALID_STATE, merge(cache, cache, &merged));
    EXPECT_EQ(LSRT_STATUS_OK, lsrt_stream_abort_capture(stream_));
    EXPECT_EQ(LSRT_STATUS_OK, merge(cache, cache, &merged)) << last_error();
}
