#include "plan_header.hpp"

#include "error.hpp"

namespace lsrt {

namespace {

// The layout as NVIDIA's trtexec reads it (--getPlanVersionOnly): "ftrt", and the version in four bytes from 24 on.
constexpr std::int64_t header_size = 28;
constexpr unsigned char tag[] = {0x66, 0x74, 0x72, 0x74};
constexpr int version_offset = 24;

}  // namespace

std::string PlanVersion::text() const {
    return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch) + "." +
           std::to_string(build);
}

PlanVersion read_plan_version(const void* plan, std::int64_t size) {
    require(plan != nullptr && size >= 0, "the plan is null");
    const auto* bytes = static_cast<const unsigned char*>(plan);
    if (size < header_size) {
        throw Failure(LSRT_STATUS_PLAN, "the plan is truncated: it has " + std::to_string(size) + " bytes");
    }

    for (std::size_t i = 0; i < sizeof tag; ++i) {
        if (bytes[i] != tag[i]) {
            throw Failure(LSRT_STATUS_PLAN, "these bytes are not a TensorRT plan; build the engine again");
        }
    }

    const unsigned char* version = bytes + version_offset;
    return {version[0], version[1], version[2], version[3]};
}

}  // namespace lsrt
