#include "model.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "double.hpp"

namespace lsrt_double {

namespace {

const char* const first_line = "double-network 1\n";

// More than any network of ours has.
constexpr std::int32_t most_tensors = 1024;

lsrt_double_tensor* find(std::vector<lsrt_double_tensor>& tensors, const std::string& name) {
    const auto found =
        std::find_if(tensors.begin(), tensors.end(), [&](const lsrt_double_tensor& t) { return name == t.name; });
    return found != tensors.end() ? &*found : nullptr;
}

void call(const std::string& what, const auto& function) {
    char text[1024] = {};
    const lsrt_double_error error{text, sizeof text};
    if (function(&error) < 0) {
        text[sizeof text - 1] = '\0';
        throw ModelError(what + ": " + text);
    }
}

/// A value of a node: the extents it has and where it lies.
struct Value {
    lsrt_double_tensor tensor;
    const void* address;
};

}  // namespace

Model::Model(std::string path, std::string bytes) : path_(std::move(path)), bytes_(std::move(bytes)) {
    is_own_ = bytes_.starts_with(first_line);
    if (is_own_) {
        parse();
    } else {
        describe();
    }
}

Model Model::from_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw ModelError("cannot open " + path);
    }

    std::ostringstream bytes;
    bytes << file.rdbuf();
    return Model(path, bytes.str());
}

lsrt_double_model Model::view() const noexcept {
    return {path_.c_str(), bytes_.data(), static_cast<std::int64_t>(bytes_.size())};
}

void Model::describe() {
    const Executor functions = executor();
    if (functions.describe == nullptr) {
        throw ModelError(path_ + " is not a double-network, and no function to describe others is registered");
    }

    const lsrt_double_model model = view();
    tensors_.resize(most_tensors);
    std::int32_t count = 0;
    call("describing " + path_, [&](const lsrt_double_error* error) {
        return count = functions.describe(functions.describe_user, &model, tensors_.data(), most_tensors, error);
    });
    tensors_.resize(static_cast<std::size_t>(std::min(count, most_tensors)));
}

void Model::parse() {
    std::istringstream lines(bytes_.substr(std::strlen(first_line)));
    std::string line;
    while (std::getline(lines, line)) {
        if (line.starts_with("input ")) {
            parse_tensor(line, true);
        } else if (line.starts_with("output ")) {
            parse_tensor(line, false);
        } else if (line.starts_with("node ")) {
            parse_node(line);
        } else if (!line.empty()) {
            throw ModelError("not a statement: " + line);
        }
    }
}

void Model::parse_tensor(const std::string& line, bool is_input) {
    static const std::map<std::string, std::int32_t> types{{"float", 1},   {"uint8", 2},    {"int8", 3},
                                                           {"int32", 6},   {"int64", 7},    {"bool", 9},
                                                           {"float16", 10}, {"bfloat16", 16}, {"float8", 17}};
    std::istringstream words(line);
    std::string statement;
    std::string name;
    std::string type;
    std::string extents;
    words >> statement >> name >> type >> extents;
    lsrt_double_tensor tensor{};
    if (name.empty() || name.size() >= sizeof tensor.name || !types.contains(type)) {
        throw ModelError("not a tensor: " + line);
    }

    std::memcpy(tensor.name, name.data(), name.size());
    tensor.element_type = types.at(type);
    tensor.is_input = is_input ? 1 : 0;
    std::istringstream numbers(extents);
    for (std::string number; std::getline(numbers, number, ',');) {
        if (tensor.rank == 8) {
            throw ModelError("a tensor has at most 8 extents: " + line);
        }

        tensor.extents[tensor.rank++] = std::stoll(number);
    }

    tensors_.push_back(tensor);
}

void Model::parse_node(const std::string& line) {
    std::istringstream words(line);
    std::string statement;
    Node node{};
    words >> statement >> node.name >> node.op;
    const int index = static_cast<int>(nodes_.size());
    const std::map<std::string, int> inputs{{"scale", 1}, {"add", 2}, {"copy", 1}};
    if (!inputs.contains(node.op)) {
        throw ModelError("no importer for operator " + node.op, index, node.name, node.op);
    }

    for (int i = 0; i < inputs.at(node.op); ++i) {
        words >> node.inputs.emplace_back();
    }

    words >> node.output;
    if (node.op == "scale") {
        std::string factor;
        words >> factor;
        node.factor = read_factor(factor, index, node.name);
    }

    if (!words) {
        throw ModelError("a word is missing: " + line, index, node.name, node.op);
    }

    nodes_.push_back(node);
}

float Model::read_factor(const std::string& text, int index, const std::string& name) const {
    std::string number = text;
    if (text.starts_with("@")) {
        const std::string beside = path_.substr(0, path_.find_last_of('/') + 1) + text.substr(1);
        std::ifstream file(beside);
        if (!(file >> number)) {
            throw ModelError("cannot read external data from " + beside, index, name, "scale");
        }
    }

    return std::stof(number);
}

std::vector<std::string> Model::weights() const {
    std::vector<std::string> names;
    for (const Node& node : nodes_) {
        if (node.op == "scale") {
            names.push_back(node.name + ".factor");
        }
    }

    return names;
}

std::int64_t Model::weights_size() const {
    return is_own_ ? static_cast<std::int64_t>(weights().size() * sizeof(float))
                   : static_cast<std::int64_t>(bytes_.size());
}

void Model::infer(std::vector<lsrt_double_tensor>& tensors) const {
    if (!is_own_) {
        const Executor functions = executor();
        if (functions.infer != nullptr) {
            const lsrt_double_model model = view();
            call("inferring shapes of " + path_, [&](const lsrt_double_error* error) {
                return functions.infer(functions.infer_user, &model, tensors.data(),
                                       static_cast<std::int32_t>(tensors.size()), error);
            });
        }

        return;
    }

    // Every node keeps its first input's shape.
    std::map<std::string, const lsrt_double_tensor*> sources;
    for (const lsrt_double_tensor& tensor : tensors) {
        if (tensor.is_input != 0) {
            sources[tensor.name] = &tensor;
        }
    }

    for (const Node& node : nodes_) {
        const auto source = sources.find(node.inputs[0]);
        if (source == sources.end()) {
            throw ModelError("nothing computes " + node.inputs[0]);
        }

        sources[node.output] = source->second;
        if (lsrt_double_tensor* output = find(tensors, node.output); output != nullptr) {
            output->rank = source->second->rank;
            std::copy_n(source->second->extents, 8, output->extents);
        }
    }
}

void Model::run(const std::vector<lsrt_double_tensor>& tensors, const std::vector<void*>& addresses) const {
    if (!is_own_) {
        const Executor functions = executor();
        if (functions.execute == nullptr) {
            throw ModelError("no function to run " + path_ + " is registered");
        }

        const lsrt_double_model model = view();
        call("running " + path_, [&](const lsrt_double_error* error) {
            return functions.execute(functions.execute_user, &model, tensors.data(), addresses.data(),
                                     static_cast<std::int32_t>(tensors.size()), error);
        });
        return;
    }

    std::map<std::string, Value> values;
    std::map<std::string, void*> outputs;
    std::vector<std::vector<char>> intermediates;
    intermediates.reserve(nodes_.size());
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (tensors[i].is_input != 0) {
            values[tensors[i].name] = {tensors[i], addresses[i]};
        } else {
            outputs[tensors[i].name] = addresses[i];
        }
    }

    for (const Node& node : nodes_) {
        for (const std::string& input : node.inputs) {
            if (!values.contains(input)) {
                throw ModelError("nothing computes " + input);
            }
        }

        const Value& first = values.at(node.inputs[0]);
        const auto count = static_cast<std::size_t>(element_count(first.tensor));
        const std::size_t size = count * static_cast<std::size_t>(element_size(first.tensor.element_type));
        void* to = outputs.contains(node.output) ? outputs.at(node.output)
                                                 : intermediates.emplace_back(std::max<std::size_t>(size, 1)).data();
        if (node.op == "copy") {
            std::memcpy(to, first.address, size);
        } else {
            const Value& second = values.at(node.inputs.back());
            if (first.tensor.element_type != 1 || second.tensor.element_type != 1 ||
                element_count(second.tensor) != element_count(first.tensor)) {
                throw ModelError("node " + node.name + " takes float tensors of the same size");
            }

            const auto* a = static_cast<const float*>(first.address);
            const auto* b = static_cast<const float*>(second.address);
            auto* result = static_cast<float*>(to);
            for (std::size_t i = 0; i < count; ++i) {
                result[i] = node.op == "scale" ? a[i] * node.factor : a[i] + b[i];
            }
        }

        values[node.output] = {first.tensor, to};
    }
}

std::int64_t element_count(const lsrt_double_tensor& tensor) {
    std::int64_t count = 1;
    for (std::int32_t i = 0; i < tensor.rank; ++i) {
        count *= tensor.extents[i];
    }

    return count;
}

std::int64_t element_size(std::int32_t onnx_type) {
    switch (onnx_type) {
        case 1:
        case 6:
            return 4;
        case 7:
            return 8;
        case 10:
        case 16:
            return 2;
        default:
            return 1;
    }
}

nvinfer1::DataType data_type(std::int32_t onnx_type) {
    using nvinfer1::DataType;
    static const std::map<std::int32_t, DataType> types{
        {1, DataType::kFLOAT}, {2, DataType::kUINT8}, {3, DataType::kINT8},  {6, DataType::kINT32}, {7, DataType::kINT64},
        {9, DataType::kBOOL},  {10, DataType::kHALF}, {16, DataType::kBF16}, {17, DataType::kFP8}};
    const auto found = types.find(onnx_type);
    if (found == types.end()) {
        throw ModelError("element type " + std::to_string(onnx_type) + " is not supported");
    }

    return found->second;
}

nvinfer1::Dims dims(const lsrt_double_tensor& tensor) {
    nvinfer1::Dims result{};
    result.nbDims = tensor.rank;
    std::copy_n(tensor.extents, 8, result.d);
    return result;
}

}  // namespace lsrt_double
