#include <algorithm>
#include <bit>
#include <cmath>

#include "ptx_kernel_fixture.hpp"

// The kernels that are shipped against references in plain C++ that do the same operations in the same order; so all
// comparisons are exact.

namespace {

void expect_same_bits(const std::vector<float>& expected, const std::vector<float>& actual) {
    ASSERT_EQ(expected.size(), actual.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        ASSERT_EQ(std::bit_cast<std::uint32_t>(expected[i]), std::bit_cast<std::uint32_t>(actual[i])) << i;
    }
}

int clamp_index(int index, int count) { return std::clamp(index, 0, count - 1); }

float mix(float a, float b, float weight) { return a + weight * (b - a); }

}  // namespace

TEST_F(PtxKernel, Parse_AllShippedKernels_HaveTheirEntryAndStartWithTheIndex) {
    int count = 0;
    for (const fs::directory_entry& file : fs::directory_iterator(ptx_directory())) {
        if (file.path().extension() != ".ptx") {
            continue;
        }
        ++count;
        const std::string name = "Kernel_" + file.path().stem().string();
        SCOPED_TRACE(name);
        const ptx::Module module = ptx::Module::parse(read_text(file.path()));
        ASSERT_TRUE(module.has_entry(name));
        ASSERT_FALSE(module.parameters(name).empty());
        EXPECT_EQ(4U, module.parameters(name)[0].size);
    }
    EXPECT_GT(count, 0);
}

TEST_F(PtxKernel, ScaleLatents_MatchesTheReference) {
    std::vector<float> latents = random_floats(75, 4);
    latents.push_back(3.5f);  // beyond the extent: untouched
    std::vector<float> expected = latents;
    std::for_each_n(expected.begin(), 75, [](float& value) { value *= 0.18215f; });
    run("ScaleLatents", 75, Arguments().add(75).add_view(latents).add(0.18215f));
    expect_same_bits(expected, latents);
}

TEST_F(PtxKernel, SchedulerAndGuidedStep_MatchTheReference) {
    std::vector<float> first = random_floats(100, 3);
    std::vector<float> second = random_floats(100, 3);
    std::vector<float> sample = random_floats(100, 2);
    std::vector<float> guided = sample;
    std::vector<float> expected = sample;
    std::vector<float> expected_guided = sample;
    for (int i = 0; i < 100; ++i) {
        at(expected, i) = 0.93f * at(sample, i) + -0.21f * at(first, i);
        const float output = at(first, i) + 1.5f * (at(second, i) - at(first, i));
        at(expected_guided, i) = 0.93f * at(sample, i) + -0.21f * output;
    }
    run("SchedulerStep", 100, Arguments().add(100).add_view(first).add_view(sample).add(0.93f).add(-0.21f));
    run("GuidedStep", 100,
        Arguments().add(100).add_view(first).add_view(second).add_view(guided).add(1.5f).add(0.93f).add(-0.21f));
    expect_same_bits(expected, sample);
    expect_same_bits(expected_guided, guided);
}

TEST_F(PtxKernel, NormalizeAndMask_MatchesTheReference) {
    constexpr int area = 9 * 9;
    std::vector<std::uint8_t> face = random_bytes(3 * area);
    std::vector<float> mask = random_floats(area, 1);
    std::vector<float> pixels(3 * area, -9);
    std::vector<float> masked(3 * area, -9);
    run("NormalizeAndMask", area,
        Arguments().add(area).add_view(face).add_view(mask).add_view(pixels).add_view(masked).add(area));
    std::vector<float> expected(3 * area);
    std::vector<float> expected_masked(3 * area);
    for (int i = 0; i < 3 * area; ++i) {
        const float value = static_cast<float>(at(face, i % area * 3 + i / area)) / 255 * 2 - 1;
        at(expected, i) = value;
        at(expected_masked, i) = value * at(mask, i % area);
    }
    expect_same_bits(expected, pixels);
    expect_same_bits(expected_masked, masked);
}

TEST_F(PtxKernel, KeepOriginal_MatchesTheReference) {
    std::vector<float> original = random_floats(3 * 50, 1);
    std::vector<float> mask = random_floats(50, 1);
    std::vector<float> decoded = random_floats(3 * 50, 1);
    std::vector<float> expected = decoded;
    for (int i = 0; i < 150; ++i) {
        const float kept = at(mask, i % 50);
        at(expected, i) = at(decoded, i) * (1 - kept) + at(original, i) * kept;
    }
    run("KeepOriginal", 150, Arguments().add(150).add_view(original).add_view(mask).add_view(decoded).add(50));
    expect_same_bits(expected, decoded);
}

TEST_F(PtxKernel, BlurRows_BoxAtTheEdge_ReflectsLikeTheReference) {
    constexpr int width = 13, height = 5, frame_width = 14, box_x = 1, radius = 9;
    std::vector<float> source = random_floats(width * height, 1);
    std::vector<float> weights = random_floats(radius + 1, 1);
    std::vector<float> blurred(width * height, -9);
    run("BlurRows", width * height,
        Arguments()
            .add(width * height)
            .add_view(source)
            .add_view(blurred)
            .add_view(weights)
            .add(box_x)
            .add(width)
            .add(frame_width)
            .add(radius));

    const auto reflected = [&](int x, int y) {
        int column = box_x + x;
        while (column < 0 || column >= frame_width) {  // 2 1 0 1 2, as OpenCV's BORDER_REFLECT_101
            column = column < 0 ? -column : 2 * (frame_width - 1) - column;
        }
        column -= box_x;
        return column >= 0 && column < width ? at(source, y * width + column) : 0.0f;
    };
    std::vector<float> expected(width * height);
    for (int i = 0; i < width * height; ++i) {
        float sum = at(source, i) * at(weights, 0);
        for (int k = 1; k <= radius; ++k) {
            sum += (reflected(i % width - k, i / width) + reflected(i % width + k, i / width)) * at(weights, k);
        }
        at(expected, i) = sum;
    }
    expect_same_bits(expected, blurred);
}

TEST_F(PtxKernel, ResizeLanczos4_BothPasses_MatchTheReference) {
    constexpr int source_width = 7, source_height = 6, width = 11, height = 9;
    std::vector<std::uint8_t> source = random_bytes(source_width * source_height * 3);
    std::vector<std::int32_t> column_starts(width);
    std::vector<std::int32_t> row_starts(height);
    std::vector<std::int16_t> column_weights(8 * width);
    std::vector<std::int16_t> row_weights(8 * height);
    const auto fill = [&](std::vector<std::int32_t>& starts, std::vector<std::int16_t>& weights) {
        for (std::int32_t& start : starts) {
            start = static_cast<std::int32_t>(generator_() % 8) - 5;  // taps lie outside on both sides
        }
        for (std::int16_t& weight : weights) {  // eight of them make about 2048, one in full
            weight = static_cast<std::int16_t>(static_cast<std::int32_t>(generator_() % 1024) - 256);
        }
    };
    fill(column_starts, column_weights);
    fill(row_starts, row_weights);

    constexpr int row_length = width * 3;
    std::vector<std::int32_t> sums(source_height * row_length);
    std::vector<std::uint8_t> resized(height * row_length);
    run("ResizeRowsLanczos4", source_height * row_length,
        Arguments()
            .add(source_height * row_length)
            .add_view(source)
            .add_view(sums)
            .add_view(column_starts)
            .add_view(column_weights)
            .add(source_width)
            .add(width));
    run("ResizeColumnsLanczos4", height * row_length,
        Arguments()
            .add(height * row_length)
            .add_view(sums)
            .add_view(resized)
            .add_view(row_starts)
            .add_view(row_weights)
            .add(source_height)
            .add(row_length));

    std::vector<std::int32_t> expected_sums(source_height * row_length);
    for (int i = 0; i < source_height * row_length; ++i) {
        const int x = i % row_length / 3;
        for (int k = 0; k < 8; ++k) {
            const int column = clamp_index(at(column_starts, x) + k, source_width);
            at(expected_sums, i) +=
                at(source, (i / row_length * source_width + column) * 3 + i % 3) * at(column_weights, x * 8 + k);
        }
    }
    EXPECT_EQ(expected_sums, sums);

    std::vector<std::uint8_t> expected(height * row_length);
    for (int i = 0; i < height * row_length; ++i) {
        const int y = i / row_length;
        std::int32_t sum = 1 << 21;
        for (int k = 0; k < 8; ++k) {
            const int row = clamp_index(at(row_starts, y) + k, source_height);
            sum += at(expected_sums, row * row_length + i % row_length) * at(row_weights, y * 8 + k);
        }
        at(expected, i) = static_cast<std::uint8_t>(std::clamp(sum >> 22, 0, 255));
    }
    EXPECT_EQ(expected, resized);
}

TEST_F(PtxKernel, WarpFace_PartlyOutsideTheFrame_MatchesTheReference) {
    constexpr int frame_width = 10, frame_height = 8, side = 12;
    const double m[6] = {0.9, -0.35, 0.8, 0.3, 0.85, -1.7};  // turned, and beyond the frame on all sides
    std::vector<std::uint8_t> frame = random_bytes(frame_width * frame_height * 3);
    std::vector<std::uint8_t> crop(side * side * 3, 77);
    Arguments arguments;
    arguments.add(side * side).add_view(frame).add_view(crop);
    for (const double value : m) {
        arguments.add(value);
    }
    run("WarpFace", side * side, arguments.add(frame_width).add(frame_height).add(side));

    std::vector<std::uint8_t> expected(side * side * 3);
    int outside = 0;
    for (int i = 0; i < side * side * 3; ++i) {
        const int u = i / 3 % side;
        const int v = i / 3 / side;
        const double x = std::clamp(m[0] * u + (m[1] * v + m[2]), -2.0, frame_width + 1.0);
        const double y = std::clamp(m[3] * u + (m[4] * v + m[5]), -2.0, frame_height + 1.0);
        const int left = static_cast<int>(std::floor(x));
        const int top = static_cast<int>(std::floor(y));
        const auto tap = [&](int column, int row) {
            if (column < 0 || row < 0 || column >= frame_width || row >= frame_height) {
                ++outside;
                return 127.0f;
            }
            return static_cast<float>(at(frame, (row * frame_width + column) * 3 + i % 3));
        };
        const float across = static_cast<float>(x - left);
        const float upper = mix(tap(left, top), tap(left + 1, top), across);
        const float lower = mix(tap(left, top + 1), tap(left + 1, top + 1), across);
        at(expected, i) = static_cast<std::uint8_t>(mix(upper, lower, static_cast<float>(y - top)));
    }
    EXPECT_EQ(expected, crop);
    EXPECT_GT(outside, 0);
}
