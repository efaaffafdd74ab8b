#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gpu_check {

enum class Element { uint8, int16, int32, float32 };

std::size_t size_of(Element element);

struct CaseBuffer {
    Element element;
    std::vector<std::byte> initial;

    std::size_t count() const { return initial.size() / size_of(element); }
};

/// A pointer among a launch's parameters.
struct CasePointer {
    std::size_t parameter;  // offset in the parameters
    std::size_t buffer;     // index of the buffer it points into
    std::size_t offset;     // bytes from the buffer's start
};

struct CaseLaunch {
    std::string kernel;
    std::uint32_t extent;
    std::vector<std::byte> parameters;
    std::vector<CasePointer> pointers;
};

/// Every `step`-th element of a buffer, from the first on.
struct CaseExpectation {
    std::size_t buffer;
    std::size_t step;
    float tolerance;
    std::vector<std::byte> values;
};

/// Buffers, launches over them, and what they leave. The file's format is described in README.md.
struct Case {
    std::string name;
    int repeats = 1;  // how often the launches run, all of them each time
    std::vector<CaseBuffer> buffers;
    std::vector<CaseLaunch> launches;
    std::vector<CaseExpectation> expectations;
};

/// Throws std::runtime_error with file and line if the file is damaged.
Case read_case(const std::filesystem::path& path);

}  // namespace gpu_check
