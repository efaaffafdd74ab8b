#include "plan.hpp"

#include <cstring>
#include <sstream>
#include <stdexcept>

namespace lsrt_double {

namespace {

// 0: tag, 8: payload's size, 16: checksum of everything else, 24: version.
constexpr std::size_t header_size = 32;
constexpr std::uint32_t tag = 0x74727466;

struct Header {
    std::uint32_t tag;
    std::uint32_t reserved_at_4;
    std::uint64_t payload_size;
    std::uint64_t checksum;
    unsigned char version[4];
    std::uint32_t reserved_at_28;
};
static_assert(sizeof(Header) == header_size);

// FNV-1a: enough against accidents, which is all that the tests bring about.
std::uint64_t checksum(Header header, const std::string& payload) {
    header.checksum = 0;
    std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
    bytes += payload;
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : bytes) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }

    return hash;
}

void write_text(std::ostream& to, const std::string& text) { to << text.size() << ' ' << text << '\n'; }

std::string read_text(std::istream& from) {
    std::size_t size = 0;
    from >> size;
    from.get();
    std::string text;
    if (from && size < (std::size_t{1} << 31)) {
        text.resize(size);
        from.read(text.data(), static_cast<std::streamsize>(size));
    }

    return text;
}

template <typename T>
T read_field(std::istream& from, const std::string& name) {
    std::string found;
    T value{};
    from >> found >> value;
    if (!from || found != name) {
        throw std::runtime_error("the plan has no " + name);
    }

    return value;
}

void write_profile(std::ostream& to, const Profile& profile) {
    to << "inputs " << profile.size() << '\n';
    for (const auto& [input, shapes] : profile) {
        write_text(to, input);
        for (const nvinfer1::Dims& shape : shapes) {
            to << shape.nbDims;
            for (std::int32_t i = 0; i < shape.nbDims; ++i) {
                to << ' ' << shape.d[i];
            }
            to << '\n';
        }
    }
}

Profile read_profile(std::istream& from) {
    Profile profile;
    const auto count = read_field<std::size_t>(from, "inputs");
    for (std::size_t i = 0; i < count; ++i) {
        std::array<nvinfer1::Dims, 3>& shapes = profile[read_text(from)];
        for (nvinfer1::Dims& shape : shapes) {
            from >> shape.nbDims;
            if (!from || shape.nbDims < 0 || shape.nbDims > nvinfer1::Dims::MAX_DIMS) {
                throw std::runtime_error("the plan has a profile with a wrong rank");
            }

            for (std::int32_t k = 0; k < shape.nbDims; ++k) {
                from >> shape.d[k];
            }
        }
    }

    return profile;
}

Model read_model(std::istream& from) {
    std::string path = read_text(from);
    std::string bytes = read_text(from);
    if (!from) {
        throw std::runtime_error("the plan is truncated");
    }

    return Model(std::move(path), std::move(bytes));
}

}  // namespace

std::string write_plan(const Plan& plan) {
    std::ostringstream text;
    text << "double-plan 1\nrefittable " << plan.is_refittable << "\nweight-streaming " << plan.streams_weights
         << "\ntf32 " << plan.uses_tf32 << "\nauxiliary-streams " << plan.auxiliary_streams << "\noptimization-level "
         << plan.optimization_level << "\nworkspace-limit " << plan.workspace_limit << "\nprofiles "
         << plan.profiles.size() << '\n';
    for (const Profile& profile : plan.profiles) {
        write_profile(text, profile);
    }

    write_text(text, plan.model.path());
    write_text(text, plan.model.bytes());
    const std::string payload = text.str();
    Header header{
        tag, 0, payload.size(), 0, {NV_TENSORRT_MAJOR, NV_TENSORRT_MINOR, NV_TENSORRT_PATCH, NV_TENSORRT_BUILD}, 0};
    header.checksum = checksum(header, payload);
    return std::string(reinterpret_cast<const char*>(&header), sizeof header) + payload;
}

Plan read_plan(const std::string& bytes) {
    Header header{};
    if (bytes.size() < sizeof header) {
        throw std::runtime_error("the plan is truncated");
    }

    std::memcpy(&header, bytes.data(), sizeof header);
    const std::string payload = bytes.substr(sizeof header);
    if (header.tag != tag || header.version[0] != NV_TENSORRT_MAJOR || header.version[1] != NV_TENSORRT_MINOR ||
        header.version[2] != NV_TENSORRT_PATCH) {
        throw std::runtime_error("Version tag does not match");
    }

    if (header.payload_size != payload.size() || header.checksum != checksum(header, payload)) {
        throw std::runtime_error("Magic tag or checksum does not match");
    }

    std::istringstream text(payload);
    read_field<int>(text, "double-plan");
    const auto is_refittable = read_field<bool>(text, "refittable");
    const auto streams_weights = read_field<bool>(text, "weight-streaming");
    const auto uses_tf32 = read_field<bool>(text, "tf32");
    const auto auxiliary_streams = read_field<std::int32_t>(text, "auxiliary-streams");
    const auto optimization_level = read_field<std::int32_t>(text, "optimization-level");
    const auto workspace_limit = read_field<std::int64_t>(text, "workspace-limit");
    std::vector<Profile> profiles(read_field<std::size_t>(text, "profiles"));
    for (Profile& profile : profiles) {
        profile = read_profile(text);
    }

    return {read_model(text), profiles,          is_refittable,      streams_weights,
            uses_tf32,        auxiliary_streams, optimization_level, workspace_limit};
}

}  // namespace lsrt_double
