#pragma once

#include <NvInfer.h>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model.hpp"

namespace lsrt_double {

/// Per input, the least, the best and the greatest extents.
using Profile = std::map<std::string, std::array<nvinfer1::Dims, 3>>;

/// What the double keeps of a build: nothing is compiled.
struct Plan {
    Model model;
    std::vector<Profile> profiles;  // at least one; empty for a network of fixed inputs
    bool is_refittable = false;
    bool streams_weights = false;
    bool uses_tf32 = false;
    std::int32_t auxiliary_streams = -1;
    std::int32_t optimization_level = -1;
    std::int64_t workspace_limit = -1;
};

/// The bytes, behind a header laid out as the real one is (tag at 0, version at 24).
std::string write_plan(const Plan& plan);

/// Throws std::exception if the bytes are not the ones that write_plan gave.
Plan read_plan(const std::string& bytes);

}  // namespace lsrt_double
