#include "network.hpp"

namespace lsrt_double {

Network::Network(nvinfer1::NetworkDefinitionCreationFlags flags, nvinfer1::ILogger& logger)
    : flags_(flags), logger_(logger) {
    mImpl = this;
}

void Network::set_model(Model model) {
    for (const lsrt_double_tensor& tensor : model.tensors()) {
        (tensor.is_input != 0 ? inputs_ : outputs_).emplace_back(tensor);
    }

    model_ = std::move(model);
}

bool Network::is_strongly_typed() const noexcept {
#if NV_TENSORRT_MAJOR == 10
    return (flags_ >> static_cast<unsigned>(nvinfer1::NetworkDefinitionCreationFlag::kSTRONGLY_TYPED) & 1U) != 0;
#else
    return true;
#endif
}

std::int32_t Network::getNbLayers() const noexcept {
    return model_ ? static_cast<std::int32_t>(model_->nodes().size()) : 0;
}

nvinfer1::ITensor* Network::getInput(std::int32_t index) const noexcept {
    return &inputs_.at(static_cast<std::size_t>(index));
}

nvinfer1::ITensor* Network::getOutput(std::int32_t index) const noexcept {
    return &outputs_.at(static_cast<std::size_t>(index));
}

}  // namespace lsrt_double
