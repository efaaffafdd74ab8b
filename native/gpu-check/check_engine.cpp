#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <iostream>

#include "checks.hpp"
#include "formula.hpp"
#include "table.hpp"

namespace gpu_check {

namespace {

using TensorRt = Owned<lsrt_tensorrt, lsrt_tensorrt_destroy>;
using Extents = std::array<std::int64_t, LSRT_MAX_RANK>;

using Blob = Owned<lsrt_blob, lsrt_blob_destroy>;
using Engine = Owned<lsrt_engine, lsrt_engine_destroy>;
using Execution = Owned<lsrt_execution, lsrt_execution_destroy>;

bool has_tensorrt() {
    lsrt_runtime_info info{};
    info.struct_size = sizeof info;
    check(lsrt_runtime_info_get(&info));
    return info.tensorrt_major != 0;
}

std::size_t element_size(std::int32_t type) {
    switch (type) {
        case LSRT_FLOAT:
        case LSRT_INT32:
            return 4;
        case LSRT_INT64:
            return 8;
        case LSRT_FLOAT16:
        case LSRT_BFLOAT16:
            return 2;
        default:
            return 1;
    }
}

/// One profile that allows the given extents alone.
std::vector<lsrt_profile_shape> profile_of(const Options& options) {
    std::vector<lsrt_profile_shape> shapes;
    for (const auto& [name, extents] : options.shapes) {
        if (extents.size() > LSRT_MAX_RANK) {
            throw UsageError("--shape: " + name + " has more extents than a tensor can have");
        }

        lsrt_profile_shape shape{name.c_str(), 0, static_cast<std::int32_t>(extents.size()), {}, {}, {}};
        for (std::int64_t* const range : {shape.min, shape.opt, shape.max}) {
            std::copy(extents.begin(), extents.end(), range);
        }

        shapes.push_back(shape);
    }

    return shapes;
}

Blob build(const TensorRt& tensorrt, const Session& session, const Options& options) {
    const std::vector<lsrt_profile_shape> shapes = profile_of(options);
    lsrt_build_options build{};
    build.struct_size = sizeof build;
    build.model_path = options.onnx.c_str();
    build.shapes = shapes.data();
    build.shape_count = static_cast<std::int64_t>(shapes.size());
    build.optimization_level = -1;
    build.auxiliary_streams = -1;
    return make<Blob>(
        [](const lsrt_tensorrt* library, lsrt_device* device, const lsrt_build_options* given, lsrt_blob** plan) {
            return lsrt_engine_build(library, device, given, nullptr, plan, nullptr);
        },
        tensorrt.get(), session.device(), &build);
}

/// An engine's execution with memory for all of its tensors.
class EngineRun {
  public:
    EngineRun(const Session& session, lsrt_engine* engine, const Options& options) : session_(session) {
        execution_ = make<Execution>(lsrt_execution_create, engine, 0, session.stream());
        for (const auto& [name, extents] : options.shapes) {
            check(lsrt_execution_set_shape(execution_.get(), name.c_str(), extents.data(),
                                           static_cast<std::int32_t>(extents.size())));
        }

        lsrt_engine_info info{};
        info.struct_size = sizeof info;
        check(lsrt_engine_info_get(engine, &info));
        for (std::int32_t i = 0; i < info.tensor_count; ++i) {
            add_tensor(engine, i);
        }

        std::int64_t size = 0;
        check(lsrt_execution_activation_size(execution_.get(), &size));
        if (size > 0) {
            memory_ = session.buffer(static_cast<std::size_t>(size));
            check(lsrt_execution_set_memory(execution_.get(), memory_.get(), 0, size));
        }
    }

    void enqueue() const { check(lsrt_execution_enqueue(execution_.get(), session_.stream())); }

    std::vector<std::byte> outputs() const {
        std::vector<std::byte> bytes;
        for (const Output& output : outputs_) {
            const std::size_t start = bytes.size();
            bytes.resize(start + output.size);
            session_.download(tensors_[output.tensor], bytes.data() + start, output.size);
            session_.synchronize();  // before the bytes move
        }

        return bytes;
    }

  private:
    struct Output {
        std::size_t tensor;
        std::size_t size;
    };

    void add_tensor(lsrt_engine* engine, std::int32_t index) {
        lsrt_engine_tensor tensor{};
        tensor.struct_size = sizeof tensor;
        check(lsrt_engine_tensor_get(engine, index, &tensor));
        Extents extents{};
        std::int32_t rank = 0;
        check(lsrt_execution_shape(execution_.get(), tensor.name, extents.data(), &rank));
        std::size_t count = 1;
        for (std::int32_t i = 0; i < rank; ++i) {
            count *= static_cast<std::size_t>(extents.at(static_cast<std::size_t>(i)));
        }

        const std::size_t size = count * element_size(tensor.element_type);
        tensors_.push_back(session_.buffer(size));
        check(lsrt_execution_set_address(execution_.get(), tensor.name, Session::address(tensors_.back())));
        if (tensor.is_input == 0) {
            outputs_.push_back({tensors_.size() - 1, size});
        } else {
            fill(tensors_.back(), tensor.element_type, count, static_cast<std::uint32_t>(index));
        }
    }

    /// Floats by formula; zeros of any other type.
    void fill(const Buffer& buffer, std::int32_t type, std::size_t count, std::uint32_t seed) const {
        std::vector<std::byte> bytes(count * element_size(type));
        for (std::size_t i = 0; type == LSRT_FLOAT && i < count; ++i) {
            const float value = mixed_float(static_cast<std::uint32_t>(i), seed, 1);
            std::memcpy(bytes.data() + sizeof value * i, &value, sizeof value);
        }

        session_.upload(buffer, bytes.data(), bytes.size());
        session_.synchronize();
    }

    const Session& session_;
    Buffer memory_;
    std::vector<Buffer> tensors_;
    std::vector<Output> outputs_;
    Execution execution_;
};

}  // namespace

int check_engine(const Session& session, const Options& options) {
    if (options.onnx.empty()) {
        std::cout << "\nNo engine is built: no network is given (--onnx).\n";
        return 0;
    }

    if (!has_tensorrt()) {
        std::cout << "\nNo engine is built: this runtime was built without TensorRT's headers (TENSORRT_INCLUDE).\n";
        return 0;
    }

    lsrt_tensorrt_options library{};
    library.struct_size = sizeof library;
    library.directory = options.tensorrt.empty() ? nullptr : options.tensorrt.c_str();
    const auto tensorrt = make<TensorRt>(lsrt_tensorrt_create, &library);
    const auto start = std::chrono::steady_clock::now();
    const Blob plan = build(tensorrt, session, options);
    const std::chrono::duration<double> build_time = std::chrono::steady_clock::now() - start;
    const void* bytes = nullptr;
    std::int64_t size = 0;
    check(lsrt_blob_data(plan.get(), &bytes, &size));
    const auto engine =
        make<Engine>(lsrt_engine_create, tensorrt.get(), session.device(), bytes, size,
                     static_cast<const lsrt_engine_options*>(nullptr), static_cast<const lsrt_callbacks*>(nullptr));
    const EngineRun run(session, engine.get(), options);
    run.enqueue();
    const std::vector<std::byte> plain = run.outputs();
    run.enqueue();
    const bool is_deterministic = run.outputs() == plain;
    const Graph graph = session.capture([&] { run.enqueue(); });
    session.launch(graph);
    const bool is_same = run.outputs() == plain;
    const double plain_time = session.median_time(
        options.samples, [] {}, [&] { run.enqueue(); });
    const double graph_time = session.median_time(
        options.samples, [] {}, [&] { session.launch(graph); });

    // A network that two plain runs disagree on cannot be held against itself.
    const bool is_well = is_same || !is_deterministic;
    Table table({"network", "build, s", "plan, MiB", "plain, us", "graph, us", "graph against plain", "result"});
    table.add({options.onnx, format(build_time.count()), format(static_cast<double>(size) / 0x1p20), format(plain_time),
               format(graph_time),
               is_same            ? "same bits"
               : is_deterministic ? "DIFFERENT"
                                  : "as plain runs differ",
               is_well ? "ok" : "FAILED"});
    table.print(std::cout, "Engine");
    return is_well ? 0 : 1;
}

}  // namespace gpu_check
