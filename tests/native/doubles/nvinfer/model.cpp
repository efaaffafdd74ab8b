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
    static const std::map<std::string, std::int32_t> types{{"float", 1},    {"uint8", 2},     {"int8", 3},
                                                           {"int32", 6},    {"int64", 7},     {"bool", 9},
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
        {1, DataType::kFLOAT}, {2, DataType::kUINT8}, {3, DataType::kINT8},
        {6, DataType::kINT32}, {7, DataType::kINT64}, {9, DataType::kBOOL},
        {10, DataType::kHALF}, {16, DataType::kBF16}, {17, DataType::kFP8}};
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
