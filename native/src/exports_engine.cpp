#include "engine.hpp"
#include "exports.hpp"
#include "objects.hpp"
#include "objects_engine.hpp"
#include "plan_header.hpp"

using namespace lsrt;

namespace {

// The sizes of each struct when it was new: what every caller has at least.
constexpr std::int64_t engine_options_minimum = 16;
constexpr std::int64_t engine_info_minimum = 40;
constexpr std::int64_t engine_tensor_minimum = 344;
constexpr std::int64_t plan_info_minimum = 24;

std::string text(const char* value) {
    require(value != nullptr, "a name is null");
    return value;
}

void require_same(const Device& device, const Device& engines) {
    require(&device == &engines, "the stream or buffer is of another device object than the engine");
}

}  // namespace

lsrt_status lsrt_plan_info_get(const void* plan, int64_t size, lsrt_plan_info* info) {
    return guard([&] {
        const PlanVersion version = read_plan_version(plan, size);
        lsrt_plan_info value{};
        value.major = version.major;
        value.minor = version.minor;
        value.patch = version.patch;
        value.build = version.build;
        write(value, info, plan_info_minimum);
    });
}

lsrt_status lsrt_engine_create(const lsrt_tensorrt* tensorrt, lsrt_device* device, const void* plan, int64_t size,
                               const lsrt_engine_options* options, const lsrt_callbacks* callbacks,
                               lsrt_engine** engine) {
    return guard([&] {
        auto& result = out(engine);
        Device& on = checked(device).device;
        require(options == nullptr || options->struct_size >= engine_options_minimum, "struct_size is not set");
        const std::int64_t budget = options != nullptr ? read_options(options).weight_streaming_budget : -1;
        require(budget >= -1, "the weight streaming budget is negative");
        result = new lsrt_engine(
            on, create_engine(checked(tensorrt).library, on, plan, size, budget, read_options(callbacks)));
    });
}

lsrt_status lsrt_engine_destroy(lsrt_engine* engine) {
    return guard([&] {
        if (engine != nullptr) {
            engine->engine->detach_log();
            engine->device.retire(engine);
        }
    });
}

lsrt_status lsrt_engine_info_get(const lsrt_engine* engine, lsrt_engine_info* info) {
    return guard([&] { write(checked(engine).engine->info(), info, engine_info_minimum); });
}

lsrt_status lsrt_engine_tensor_get(const lsrt_engine* engine, int32_t index, lsrt_engine_tensor* tensor) {
    return guard([&] { write(checked(engine).engine->tensor(index), tensor, engine_tensor_minimum); });
}

lsrt_status lsrt_engine_profile_shape(const lsrt_engine* engine, const char* input, int32_t profile, int64_t* min,
                                      int64_t* opt, int64_t* max, int32_t* rank) {
    return guard([&] {
        auto& result = out(rank);
        result = checked(engine).engine->profile_shape(text(input), profile, &out(min), &out(opt), &out(max));
    });
}

lsrt_status lsrt_engine_refit(lsrt_engine* engine, const char* model_path) {
    return guard([&] { checked(engine).engine->refit(text(model_path)); });
}

lsrt_status lsrt_engine_serialize(const lsrt_engine* engine, lsrt_blob** plan) {
    return guard([&] {
        auto& result = out(plan);
        result = new lsrt_blob{checked(engine).engine->serialize()};
    });
}

lsrt_status lsrt_execution_create(lsrt_engine* engine, int32_t profile, lsrt_stream* stream,
                                  lsrt_execution** execution) {
    return guard([&] {
        auto& result = out(execution);
        lsrt_engine& of = checked(engine);
        Stream& on = checked(stream).stream;
        require_same(on.device(), of.device);
        result = new lsrt_execution(of.device, of.engine->create_execution(profile, on));
    });
}

lsrt_status lsrt_execution_destroy(lsrt_execution* execution) {
    return guard([&] {
        if (execution != nullptr) {
            execution->device.retire(execution);
        }
    });
}

lsrt_status lsrt_execution_set_memory(lsrt_execution* execution, lsrt_buffer* buffer, int64_t offset, int64_t size) {
    return guard([&] {
        const Buffer& memory = checked(buffer).buffer;
        require_same(memory.device(), checked(execution).device);
        execution->execution->set_memory(memory.range(offset, size), size);
    });
}

lsrt_status lsrt_execution_set_shape(lsrt_execution* execution, const char* input, const int64_t* extents,
                                     int32_t rank) {
    return guard([&] {
        require(rank >= 0 && rank <= LSRT_MAX_RANK, "the rank is negative or above LSRT_MAX_RANK");
        require(rank == 0 || extents != nullptr, "the extents are null");
        checked(execution).execution->set_shape(text(input), extents, rank);
    });
}

lsrt_status lsrt_execution_shape(const lsrt_execution* execution, const char* tensor, int64_t* extents, int32_t* rank) {
    return guard([&] {
        auto& result = out(rank);
        result = checked(execution).execution->shape(text(tensor), &out(extents));
    });
}

lsrt_status lsrt_execution_activation_size(lsrt_execution* execution, int64_t* size) {
    return guard([&] {
        auto& result = out(size);
        result = checked(execution).execution->activation_size();
    });
}

lsrt_status lsrt_execution_set_address(lsrt_execution* execution, const char* tensor, uint64_t address) {
    return guard([&] { checked(execution).execution->set_address(text(tensor), address); });
}

lsrt_status lsrt_execution_enqueue(lsrt_execution* execution, lsrt_stream* stream) {
    return guard([&] {
        Stream& on = checked(stream).stream;
        require_same(on.device(), checked(execution).device);
        execution->execution->enqueue(on);
    });
}
