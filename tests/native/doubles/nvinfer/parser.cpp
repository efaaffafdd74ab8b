#include <memory>
#include <optional>
#include <vector>

#include "double.hpp"
#include "generated_stubs.hpp"
#include "model.hpp"
#include "network.hpp"
#include "refitter.hpp"

// libnvonnxparser: the parser, the refitter's parser, and the C functions that it exports.

namespace lsrt_double {

namespace {

class ParserError final : public nvonnxparser::IParserError {
  public:
    explicit ParserError(ModelError error) : error_(std::move(error)) {}

    nvonnxparser::ErrorCode code() const override { return nvonnxparser::ErrorCode::kINVALID_NODE; }
    const char* desc() const override { return error_.what(); }
    const char* file() const override { return "parser.cpp"; }
    int line() const override { return 0; }
    const char* func() const override { return "parse"; }
    int node() const override { return error_.node; }
    const char* nodeName() const override { return error_.node_name.c_str(); }
    const char* nodeOperator() const override { return error_.node_operator.c_str(); }
    const char* const* localFunctionStack() const override { return nullptr; }
    std::int32_t localFunctionStackSize() const override { return 0; }

  private:
    ModelError error_;
};

/// Reads the model; null, with the error kept and logged as the real parser does, if it cannot.
std::optional<Model> read(const char* path, nvinfer1::ILogger& logger, std::vector<ParserError>& errors) {
    try {
        return Model::from_file(path);
    } catch (const ModelError& error) {
        errors.emplace_back(error);
    } catch (const std::exception& exception) {
        errors.emplace_back(ModelError(exception.what()));
    }

    log_error(logger, std::string("ModelImporter: ") + errors.back().desc());
    return std::nullopt;
}

class Parser final : public stubs::IParser, private Counted {
  public:
    explicit Parser(Network& network) : network_(network) {}

    bool parseFromFile(const char* path, int) noexcept override {
        std::optional<Model> model = read(path, network_.logger(), errors_);
        if (model) {
            network_.set_model(std::move(*model));
        }

        return errors_.empty();
    }

    int getNbErrors() const noexcept override { return static_cast<int>(errors_.size()); }
    const nvonnxparser::IParserError* getError(int index) const noexcept override {
        return &errors_.at(static_cast<std::size_t>(index));
    }

  private:
    Network& network_;
    std::vector<ParserError> errors_;
};

class ParserRefitter final : public stubs::IParserRefitter, private Counted {
  public:
    explicit ParserRefitter(Refitter& refitter) : refitter_(refitter) {}

    bool refitFromFile(const char* path) noexcept override {
        std::optional<Model> model = read(path, refitter_.logger(), errors_);
        if (model) {
            refitter_.set_model(std::move(*model));
        }

        return errors_.empty();
    }

    std::int32_t getNbErrors() const noexcept override { return static_cast<std::int32_t>(errors_.size()); }
    const nvonnxparser::IParserError* getError(std::int32_t index) const noexcept override {
        return &errors_.at(static_cast<std::size_t>(index));
    }

  private:
    Refitter& refitter_;
    std::vector<ParserError> errors_;
};

}  // namespace

}  // namespace lsrt_double

using namespace lsrt_double;

extern "C" {

void* createNvOnnxParser_INTERNAL(void* network, void*, int version) noexcept {
    if (version != NV_ONNX_PARSER_VERSION) {
        return nullptr;
    }

    auto& into = static_cast<Network&>(*static_cast<nvinfer1::INetworkDefinition*>(network));
    return static_cast<nvonnxparser::IParser*>(new Parser(into));
}

void* createNvOnnxParserRefitter_INTERNAL(void* refitter, void*, std::int32_t version) noexcept {
    if (version != NV_ONNX_PARSER_VERSION) {
        return nullptr;
    }

    auto& with = static_cast<Refitter&>(*static_cast<nvinfer1::IRefitter*>(refitter));
    return static_cast<nvonnxparser::IParserRefitter*>(new ParserRefitter(with));
}

int getNvOnnxParserVersion() noexcept { return NV_ONNX_PARSER_VERSION; }
}
