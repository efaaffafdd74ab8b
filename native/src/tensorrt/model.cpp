#include "tensorrt/model.hpp"

#include <vector>

#include "error.hpp"

namespace lsrt::trt {

namespace {

std::string text(const char* value) { return value != nullptr ? value : ""; }

/// The first error of a parser or a parser's refitter, with the node it is about; empty if there is none.
template <typename Parser>
std::string first_error(const Parser& parser) {
    if (parser.getNbErrors() == 0) {
        return {};
    }

    const nvonnxparser::IParserError& error = *parser.getError(0);
    std::string where;
    if (error.node() >= 0) {
        where = "node " + std::to_string(error.node()) + " '" + text(error.nodeName()) + "' (" +
                text(error.nodeOperator()) + "): ";
    }

    return where + text(error.desc());
}

/// Names one weight that the model did not bring, if that is what is wrong.
std::string missing_weight(nvinfer1::IRefitter& refitter) {
    const char* name = nullptr;
    const std::int32_t count = refitter.getMissingWeights(1, &name);
    if (count <= 0 || name == nullptr) {
        return {};
    }

    return std::to_string(count) + " of the engine's weights are missing from it, '" + text(name) + "' among them";
}

}  // namespace

std::unique_ptr<nvonnxparser::IParser> parse(const EntryPoints& entry_points, nvinfer1::INetworkDefinition& network,
                                             const char* model_path, Log& log) {
    auto parser = entry_points.create_parser(network, log);
    Errors errors(log);
    const auto verbosity = static_cast<int>(nvinfer1::ILogger::Severity::kWARNING);
    if (!parser->parseFromFile(model_path, verbosity)) {
        errors.set_first(first_error(*parser));
        errors.fail(LSRT_STATUS_BUILD, "TensorRT cannot read " + std::string(model_path));
    }

    return parser;
}

void refit(const EntryPoints& entry_points, nvinfer1::ICudaEngine& engine, const std::string& model_path, Log& log) {
    if (!engine.isRefittable()) {
        throw Failure(
            LSRT_STATUS_UNSUPPORTED,
            "the engine cannot be given other weights: build it with 'latentsync engines build --refittable'");
    }

    const auto refitter = entry_points.create_refitter(engine, log);
    const auto parser = entry_points.create_parser_refitter(*refitter, log);
    Errors errors(log);
    if (!parser->refitFromFile(model_path.c_str())) {
        errors.set_first(first_error(*parser));
        errors.fail(LSRT_STATUS_EXECUTION, "the engine cannot take its weights from " + model_path);
    }

    const std::string missing = missing_weight(*refitter);
    if (!missing.empty()) {
        errors.set_first(missing);
        errors.fail(LSRT_STATUS_EXECUTION, "the engine cannot take its weights from " + model_path);
    }

    if (!refitter->refitCudaEngine()) {
        errors.fail(LSRT_STATUS_EXECUTION, "the engine cannot be refitted from " + model_path);
    }
}

}  // namespace lsrt::trt
