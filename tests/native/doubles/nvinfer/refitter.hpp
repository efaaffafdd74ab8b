#pragma once

#include <optional>

#include "double.hpp"
#include "engine.hpp"
#include "generated_stubs.hpp"

namespace lsrt_double {

/// Gives an engine the model that the parser's refitter read.
class Refitter final : public nvinfer1::IRefitter, private stubs::VRefitter, private Counted {
  public:
    Refitter(EngineState& engine, nvinfer1::ILogger& logger) : engine_(engine), logger_(logger) { mImpl = this; }

    nvinfer1::ILogger& logger() const noexcept { return logger_; }
    const Model& model() const noexcept { return engine_.plan.model; }
    void set_model(Model model) { next_ = std::move(model); }

  private:
    std::int32_t getMissingWeights(std::int32_t size, const char** names) noexcept override;
    bool refitCudaEngine() noexcept override;

    EngineState& engine_;
    nvinfer1::ILogger& logger_;
    std::optional<Model> next_;
    std::string missing_;
};

}  // namespace lsrt_double
