#pragma once

#include <cstdint>

#include "stream.hpp"

namespace lsrt {

/// A captured sequence, instantiated.
class Graph {
  public:
    /// Instantiates `captured`, which stays the caller's.
    Graph(Device& device, cuda::Graph captured);
    Graph(const Graph&) = delete;
    Graph& operator=(const Graph&) = delete;
    ~Graph();

    Device& device() const noexcept { return device_; }
    std::int64_t node_count() const noexcept { return node_count_; }
    void launch(Stream& stream);

  private:
    Device& device_;
    cuda::GraphExecution execution_ = nullptr;
    std::int64_t node_count_ = 0;
};

}  // namespace lsrt
