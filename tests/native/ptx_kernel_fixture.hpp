#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "ptx_interpreter.hpp"

namespace fs = std::filesystem;

inline fs::path ptx_directory() {
    const char* const given = std::getenv("LSRT_PTX_DIRECTORY");
    return given != nullptr ? given : LSRT_PTX_DIRECTORY;
}

inline std::string read_text(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

/// A kernel's parameter block: values at their own alignment, in order. A view is a pointer and a length.
class Arguments {
  public:
    template <typename T>
    Arguments& add(T value) {
        bytes_.resize((bytes_.size() + alignof(T) - 1) / alignof(T) * alignof(T));
        const auto* const first = reinterpret_cast<const std::uint8_t*>(&value);
        bytes_.insert(bytes_.end(), first, first + sizeof value);
        return *this;
    }

    template <typename T>
    Arguments& add_view(std::vector<T>& values) {
        return add(values.data()).add(static_cast<std::int64_t>(values.size()));
    }

    const void* data() const { return bytes_.data(); }
    std::size_t size() const { return bytes_.size(); }

  private:
    std::vector<std::uint8_t> bytes_;
};

class PtxKernel : public testing::Test {
  protected:
    void SetUp() override {
        if (!fs::is_directory(ptx_directory())) {
            GTEST_SKIP() << "no compiled kernels in " << ptx_directory() << ": build src/LatentSync.Kernels";
        }
    }

    /// Runs a kernel over an extent, in blocks of 32 of which the last sticks out.
    static void run(const std::string& name, int extent, const Arguments& arguments) {
        const std::string text = read_text(ptx_directory() / (name + ".ptx"));
        ASSERT_FALSE(text.empty()) << name;
        const ptx::Module module = ptx::Module::parse(text);
        const std::uint32_t grid[3] = {static_cast<std::uint32_t>(extent) / 32 + 1, 1, 1};
        const std::uint32_t block[3] = {32, 1, 1};
        module.launch("Kernel_" + name, grid, block, arguments.data(), arguments.size());
    }

    // The generator's own output is the same everywhere; the distributions of the library are not.
    std::vector<float> random_floats(int count, float scale) {
        std::vector<float> values(static_cast<std::size_t>(count));
        for (float& value : values) {
            value = (static_cast<float>(generator_() >> 8) * 0x1p-23f - 1) * scale;
        }
        return values;
    }

    std::vector<std::uint8_t> random_bytes(int count) {
        std::vector<std::uint8_t> values(static_cast<std::size_t>(count));
        for (std::uint8_t& value : values) {
            value = static_cast<std::uint8_t>(generator_());
        }
        return values;
    }

    std::mt19937 generator_{1};
};

template <typename T>
T& at(std::vector<T>& values, int index) {
    return values[static_cast<std::size_t>(index)];
}
