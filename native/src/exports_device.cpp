#include "exports.hpp"
#include "objects.hpp"

using namespace lsrt;

namespace {

// The sizes of version 2 of each struct: what every caller has at least.
constexpr std::int64_t memory_info_minimum = 64;
constexpr std::int64_t device_counters_minimum = 88;

}  // namespace

lsrt_status lsrt_device_create(const lsrt_cuda_driver* driver, int32_t ordinal, lsrt_device** device) {
    return guard([&] {
        auto& result = out(device);
        result = new lsrt_device{{checked(driver).driver, ordinal}};
    });
}

lsrt_status lsrt_device_destroy(lsrt_device* device) {
    return guard([&] { delete device; });
}

lsrt_status lsrt_device_synchronize(lsrt_device* device) {
    return guard([&] { checked(device).device.synchronize(); });
}

lsrt_status lsrt_device_trim(lsrt_device* device) {
    return guard([&] { checked(device).device.trim(); });
}

lsrt_status lsrt_device_memory(lsrt_device* device, lsrt_memory_info* info) {
    return guard([&] { write(checked(device).device.memory(), info, memory_info_minimum); });
}

lsrt_status lsrt_device_counters_get(const lsrt_device* device, lsrt_device_counters* counters) {
    return guard([&] {
        const DeviceCounters& counted = checked(device).device.counters();
        lsrt_device_counters value{};
        value.copies_to_device = counted.copies_to_device;
        value.bytes_to_device = counted.bytes_to_device;
        value.copies_to_host = counted.copies_to_host;
        value.bytes_to_host = counted.bytes_to_host;
        value.copies_on_device = counted.copies_on_device;
        value.kernel_launches = counted.kernel_launches;
        value.engine_enqueues = counted.engine_enqueues;
        value.captures = counted.captures;
        value.graph_launches = counted.graph_launches;
        value.live_buffers = counted.live_buffers;
        write(value, counters, device_counters_minimum);
    });
}

lsrt_status lsrt_device_counters_reset(lsrt_device* device) {
    return guard([&] { checked(device).device.reset_counters(); });
}

lsrt_status lsrt_stream_create(lsrt_device* device, lsrt_stream** stream) {
    return guard([&] {
        auto& result = out(stream);
        result = new lsrt_stream(checked(device).device);
    });
}

lsrt_status lsrt_stream_destroy(lsrt_stream* stream) {
    return guard([&] {
        if (stream != nullptr) {
            stream->stream.close();
            stream->stream.device().retire(stream);
        }
    });
}

lsrt_status lsrt_stream_synchronize(lsrt_stream* stream) {
    return guard([&] { checked(stream).stream.synchronize(); });
}

lsrt_status lsrt_stream_handle(const lsrt_stream* stream, void** handle) {
    return guard([&] {
        auto& result = out(handle);
        result = checked(stream).stream.handle();
    });
}

lsrt_status lsrt_stream_wait_event(lsrt_stream* stream, const lsrt_event* event) {
    return guard([&] { checked(stream).stream.wait(checked(event).event); });
}

lsrt_status lsrt_stream_host_function(lsrt_stream* stream, lsrt_host_function function, void* user) {
    return guard([&] { checked(stream).stream.call(function, user); });
}

lsrt_status lsrt_event_create(lsrt_device* device, int32_t is_timing, lsrt_event** event) {
    return guard([&] {
        auto& result = out(event);
        require(is_timing == 0 || is_timing == 1, "is_timing is 0 or 1");
        result = new lsrt_event(checked(device).device, is_timing == 1);
    });
}

lsrt_status lsrt_event_destroy(lsrt_event* event) {
    return guard([&] {
        if (event != nullptr) {
            event->event.device().retire(event);
        }
    });
}

lsrt_status lsrt_event_record(lsrt_event* event, lsrt_stream* stream) {
    return guard([&] { checked(event).event.record(checked(stream).stream); });
}

lsrt_status lsrt_event_synchronize(lsrt_event* event) {
    return guard([&] { checked(event).event.synchronize(); });
}

lsrt_status lsrt_event_query(lsrt_event* event, int32_t* is_done) {
    return guard([&] {
        auto& result = out(is_done);
        result = checked(event).event.is_done() ? 1 : 0;
    });
}

lsrt_status lsrt_event_elapsed(const lsrt_event* start, const lsrt_event* end, float* milliseconds) {
    return guard([&] {
        auto& result = out(milliseconds);
        result = checked(end).event.elapsed_since(checked(start).event);
    });
}
