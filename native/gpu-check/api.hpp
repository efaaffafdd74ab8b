#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "latentsync_rt.h"

// The C interface with ownership and exceptions, as far as the check needs it.

namespace gpu_check {

/// The message of the thread's latest failed call.
inline std::string last_error() {
    std::int64_t length = 0;
    lsrt_last_error(nullptr, 0, &length);
    std::string message(static_cast<std::size_t>(length) + 1, '\0');
    lsrt_last_error(message.data(), length + 1, &length);
    message.resize(static_cast<std::size_t>(length));
    return message;
}

inline void check(lsrt_status status) {
    if (status != LSRT_STATUS_OK) {
        throw std::runtime_error(last_error());
    }
}

template <auto destroy>
struct Destroyer {
    template <typename T>
    void operator()(T* object) const {
        destroy(object);
    }
};

template <typename T, auto destroy>
using Owned = std::unique_ptr<T, Destroyer<destroy>>;

using Driver = Owned<lsrt_cuda_driver, lsrt_cuda_driver_destroy>;
using Device = Owned<lsrt_device, lsrt_device_destroy>;
using Stream = Owned<lsrt_stream, lsrt_stream_destroy>;
using Event = Owned<lsrt_event, lsrt_event_destroy>;
using Buffer = Owned<lsrt_buffer, lsrt_buffer_destroy>;
using Pinned = Owned<lsrt_pinned, lsrt_pinned_destroy>;
using Module = Owned<lsrt_module, lsrt_module_destroy>;
using Kernel = Owned<lsrt_kernel, lsrt_kernel_destroy>;
using Graph = Owned<lsrt_graph, lsrt_graph_destroy>;

/// Calls `create` with the arguments and a place for the object, and owns what it makes.
template <typename OwnedT, typename Create, typename... Arguments>
OwnedT make(Create create, Arguments... arguments) {
    typename OwnedT::pointer object = nullptr;
    check(create(arguments..., &object));
    return OwnedT(object);
}

}  // namespace gpu_check
