#pragma once

#include <memory>
#include <utility>

#include "buffer.hpp"
#include "cuda_driver.hpp"
#include "device.hpp"
#include "event.hpp"
#include "graph.hpp"
#include "kernel.hpp"
#include "latentsync_rt.h"
#include "stream.hpp"
#include "tensorrt_library.hpp"

// What the opaque types of latentsync_rt.h are. Those whose end frees something of a device are Retirable.

struct lsrt_cuda_driver {
    lsrt::CudaDriver driver;
};

struct lsrt_device {
    lsrt::Device device;
};

struct lsrt_stream final : lsrt::Retirable {
    explicit lsrt_stream(lsrt::Device& device) : stream(device) {}

    lsrt::Stream stream;
};

struct lsrt_event final : lsrt::Retirable {
    lsrt_event(lsrt::Device& device, bool is_timing) : event(device, is_timing) {}

    lsrt::Event event;
};

struct lsrt_buffer final : lsrt::Retirable {
    lsrt_buffer(lsrt::Stream& stream, std::int64_t size) : buffer(stream, size) {}

    lsrt::Buffer buffer;
};

struct lsrt_pinned final : lsrt::Retirable {
    lsrt_pinned(lsrt::Device& device, std::int64_t size) : pinned(device, size) {}

    lsrt::Pinned pinned;
};

struct lsrt_module final : lsrt::Retirable {
    lsrt_module(lsrt::Device& device, std::string_view ptx) : module(device, ptx) {}

    lsrt::Module module;
};

struct lsrt_kernel {
    lsrt::Kernel kernel;
};

struct lsrt_graph final : lsrt::Retirable {
    explicit lsrt_graph(std::unique_ptr<lsrt::Graph> captured) : graph(std::move(captured)) {}

    std::unique_ptr<lsrt::Graph> graph;
};

struct lsrt_tensorrt {
    lsrt::TensorRtLibrary library;
};
