#pragma once

#include <NvInfer.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "nvinfer_double.h"

namespace lsrt_double {

/// What is wrong with a model, and at which node, as the parser reports it.
class ModelError : public std::runtime_error {
  public:
    explicit ModelError(const std::string& message, int at = -1, std::string name = {}, std::string op = {})
        : std::runtime_error(message), node(at), node_name(std::move(name)), node_operator(std::move(op)) {}

    int node;
    std::string node_name;
    std::string node_operator;
};

struct Node {
    std::string name;
    std::string op;
    std::vector<std::string> inputs;
    std::string output;
    float factor;
};

/// A network of the double's own format, or a file that only the test's functions understand.
class Model {
  public:
    /// Throws ModelError.
    Model(std::string path, std::string bytes);
    static Model from_file(const std::string& path);

    const std::string& path() const noexcept { return path_; }
    const std::string& bytes() const noexcept { return bytes_; }
    const std::vector<lsrt_double_tensor>& tensors() const noexcept { return tensors_; }
    const std::vector<Node>& nodes() const noexcept { return nodes_; }

    /// The names of the weights that a refit brings: of each scale node one.
    std::vector<std::string> weights() const;
    std::int64_t weights_size() const;

    /// Completes the outputs' extents; `tensors` are as tensors(), with the inputs' extents set. Throws ModelError.
    void infer(std::vector<lsrt_double_tensor>& tensors) const;
    /// Throws ModelError.
    void run(const std::vector<lsrt_double_tensor>& tensors, const std::vector<void*>& addresses) const;

  private:
    void parse();
    void parse_tensor(const std::string& line, bool is_input);
    void parse_node(const std::string& line);
    float read_factor(const std::string& text, int index, const std::string& name) const;
    void describe();
    lsrt_double_model view() const noexcept;

    std::string path_;
    std::string bytes_;
    bool is_own_ = false;
    std::vector<lsrt_double_tensor> tensors_;
    std::vector<Node> nodes_;
};

/// Calls one of the test's functions. Throws ModelError, with its text behind `what`, if it fails.
void call(const std::string& what, const auto& function) {
    char text[1024] = {};
    const lsrt_double_error error{text, sizeof text};
    if (function(&error) < 0) {
        text[sizeof text - 1] = '\0';
        throw ModelError(what + ": " + text);
    }
}

std::int64_t element_count(const lsrt_double_tensor& tensor);
std::int64_t element_size(std::int32_t onnx_type);
nvinfer1::DataType data_type(std::int32_t onnx_type);
nvinfer1::Dims dims(const lsrt_double_tensor& tensor);

}  // namespace lsrt_double
