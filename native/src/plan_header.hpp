#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace lsrt {

/// The version of the TensorRT that wrote a plan.
struct PlanVersion {
    std::int32_t major;
    std::int32_t minor;
    std::int32_t patch;
    std::int32_t build;

    std::string text() const;
};

/// Reads it from the plan's header, without TensorRT. Throws PLAN if the bytes are no plan.
PlanVersion read_plan_version(const void* plan, std::int64_t size);

}  // namespace lsrt
