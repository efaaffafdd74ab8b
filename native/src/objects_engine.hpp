#pragma once

#include <memory>
#include <utility>

#include "device.hpp"
#include "engine.hpp"
#include "latentsync_rt.h"

// The opaque types of latentsync_rt.h that building and running engines adds to those of objects.hpp.

struct lsrt_blob {
    std::unique_ptr<lsrt::Blob> blob;
};

struct lsrt_engine final : lsrt::Retirable {
    lsrt_engine(lsrt::Device& on, std::unique_ptr<lsrt::Engine> created) : device(on), engine(std::move(created)) {}

    lsrt::Device& device;
    std::unique_ptr<lsrt::Engine> engine;
};

struct lsrt_execution final : lsrt::Retirable {
    lsrt_execution(lsrt::Device& on, std::unique_ptr<lsrt::Execution> created)
        : device(on), execution(std::move(created)) {}

    lsrt::Device& device;
    std::unique_ptr<lsrt::Execution> execution;
};
