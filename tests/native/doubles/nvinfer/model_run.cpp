#include <algorithm>
#include <cstring>
#include <map>

#include "double.hpp"
#include "model.hpp"

// What a model computes: shapes, and values.

namespace lsrt_double {

namespace {

lsrt_double_tensor* find(std::vector<lsrt_double_tensor>& tensors, const std::string& name) {
    const auto found =
        std::find_if(tensors.begin(), tensors.end(), [&](const lsrt_double_tensor& t) { return name == t.name; });
    return found != tensors.end() ? &*found : nullptr;
}

/// A value of a node: the extents it has and where it lies.
struct Value {
    lsrt_double_tensor tensor;
    const void* address;
};

}  // namespace

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

}  // namespace lsrt_double
