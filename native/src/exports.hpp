#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "error.hpp"
#include "latentsync_rt.h"

// What the exports share: how arguments are checked and structs cross the border.

namespace lsrt {

/// A copy of the caller's options in which fields unknown to the caller are zero; null stands for the defaults.
template <typename Options>
Options read_options(const Options* options) {
    Options known{};
    if (options != nullptr) {
        require(options->struct_size >= static_cast<std::int64_t>(sizeof options->struct_size),
                "struct_size is not set");
        std::memcpy(&known, options,
                    static_cast<std::size_t>(std::min<std::int64_t>(options->struct_size, sizeof known)));
    }

    return known;
}

/// Writes as much of `value` as the caller's struct has room for; its struct_size stays as it was. `minimum_size` is
/// the struct's size when it was new: what every caller has at least.
template <typename Value>
void write(Value value, Value* destination, std::int64_t minimum_size) {
    require(destination != nullptr, "the struct to fill is null");
    require(destination->struct_size >= minimum_size, "struct_size is not set");
    value.struct_size = destination->struct_size;
    std::memcpy(destination, &value, static_cast<std::size_t>(std::min<std::int64_t>(value.struct_size, sizeof value)));
}

template <typename Object>
Object& checked(Object* object) {
    require(object != nullptr, "the object is null");
    return *object;
}

template <typename T>
T& out(T* pointer) {
    require(pointer != nullptr, "an out-parameter is null");
    return *pointer;
}

}  // namespace lsrt
