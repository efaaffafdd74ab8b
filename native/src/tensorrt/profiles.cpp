#include "tensorrt/profiles.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "error.hpp"
#include "tensorrt/tensors.hpp"

namespace lsrt::trt {

namespace {

using nvinfer1::OptProfileSelector;

// Far above any use; it keeps a wild number from making millions of profiles.
constexpr std::int32_t most_profiles = 64;

[[noreturn]] void refuse(const lsrt_profile_shape& shape, const std::string& reason) {
    throw Failure(LSRT_STATUS_INVALID_ARGUMENT,
                  "profile " + std::to_string(shape.profile) + ", input '" + shape.input + "': " + reason);
}

const nvinfer1::ITensor* find_input(const nvinfer1::INetworkDefinition& network, const std::string& name) {
    for (std::int32_t i = 0; i < network.getNbInputs(); ++i) {
        if (name == network.getInput(i)->getName()) {
            return network.getInput(i);
        }
    }

    return nullptr;
}

void check_fits(const lsrt_profile_shape& shape, const nvinfer1::INetworkDefinition& network) {
    const nvinfer1::ITensor* input = find_input(network, shape.input);
    if (input == nullptr) {
        refuse(shape, "the network has no input of that name");
    }

    const nvinfer1::Dims dims = input->getDimensions();
    if (shape.rank != dims.nbDims) {
        refuse(shape, "the network's rank is " + std::to_string(dims.nbDims) + ", not " + std::to_string(shape.rank));
    }

    for (std::int32_t i = 0; i < shape.rank; ++i) {
        if (shape.min[i] < 0 || shape.min[i] > shape.opt[i] || shape.opt[i] > shape.max[i]) {
            refuse(shape, "0 <= min <= opt <= max does not hold for extent " + std::to_string(i));
        }

        if (dims.d[i] >= 0 && (shape.min[i] != dims.d[i] || shape.max[i] != dims.d[i])) {
            refuse(shape,
                   "extent " + std::to_string(i) + " is fixed at " + std::to_string(dims.d[i]) + " in the network");
        }
    }
}

bool is_dynamic(const nvinfer1::Dims& dims) {
    return std::any_of(dims.d, dims.d + std::max(dims.nbDims, 0), [](std::int64_t extent) { return extent < 0; });
}

void check_complete(std::int32_t profile, std::span<const lsrt_profile_shape> shapes,
                    const nvinfer1::INetworkDefinition& network) {
    for (std::int32_t i = 0; i < network.getNbInputs(); ++i) {
        const nvinfer1::ITensor& input = *network.getInput(i);
        const auto describes = [&](const lsrt_profile_shape& shape) {
            return shape.profile == profile && std::string(shape.input) == input.getName();
        };
        if (is_dynamic(input.getDimensions()) && std::none_of(shapes.begin(), shapes.end(), describes)) {
            throw Failure(LSRT_STATUS_INVALID_ARGUMENT, "profile " + std::to_string(profile) +
                                                            " says nothing about the dynamic input '" +
                                                            input.getName() + "'");
        }
    }
}

}  // namespace

void add_profiles(nvinfer1::IBuilder& builder, nvinfer1::IBuilderConfig& config,
                  const nvinfer1::INetworkDefinition& network, const lsrt_build_options& options, Log& log) {
    const std::span shapes(options.shapes, static_cast<std::size_t>(options.shape_count));
    std::int32_t count = 0;
    for (const lsrt_profile_shape& shape : shapes) {
        require(shape.input != nullptr, "a profile shape's input is null");
        require(shape.profile >= 0 && shape.profile < most_profiles, "a profile's number is not in 0..63");
        check_fits(shape, network);
        count = std::max(count, shape.profile + 1);
    }

    // A network with fixed inputs alone has one profile that nobody has to describe.
    for (std::int32_t i = 0; i < std::max(count, 1); ++i) {
        check_complete(i, shapes, network);
    }

    Errors errors(log);
    for (std::int32_t i = 0; i < count; ++i) {
        nvinfer1::IOptimizationProfile* profile = builder.createOptimizationProfile();
        if (profile == nullptr) {
            errors.fail(LSRT_STATUS_BUILD, "TensorRT could not create an optimization profile");
        }

        for (const lsrt_profile_shape& shape : shapes) {
            if (shape.profile == i &&
                (!profile->setDimensions(shape.input, OptProfileSelector::kMIN, to_dims(shape.min, shape.rank)) ||
                 !profile->setDimensions(shape.input, OptProfileSelector::kOPT, to_dims(shape.opt, shape.rank)) ||
                 !profile->setDimensions(shape.input, OptProfileSelector::kMAX, to_dims(shape.max, shape.rank)))) {
                refuse(shape, errors.describe("TensorRT refuses the extents"));
            }
        }

        if (!profile->isValid() || config.addOptimizationProfile(profile) != i) {
            throw Failure(LSRT_STATUS_INVALID_ARGUMENT,
                          errors.describe("TensorRT refuses profile " + std::to_string(i)));
        }
    }
}

}  // namespace lsrt::trt
