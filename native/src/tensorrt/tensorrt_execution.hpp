#pragma once

#include <NvInfer.h>

#include <memory>
#include <string>
#include <vector>

#include "engine.hpp"
#include "tensorrt/tensorrt_engine.hpp"

namespace lsrt::trt {

/// An execution context whose activation memory is the caller's.
class TensorRtExecution final : public Execution {
  public:
    TensorRtExecution(TensorRtEngine& engine, std::int32_t profile, Stream& stream);
    ~TensorRtExecution() override;

    void set_memory(std::uint64_t address, std::int64_t size) override;
    void set_shape(const std::string& input, const std::int64_t* extents, std::int32_t rank) override;
    void set_address(const std::string& tensor, std::uint64_t address) override;
    std::int32_t shape(const std::string& tensor, std::int64_t* extents) const override;
    std::int64_t activation_size() override;
    void enqueue(Stream& stream) override;

  private:
    struct Binding {
        bool has_shape;
        std::uint64_t address;  // 0: not set
    };

    void prepare(Stream& stream);
    void require_shapes() const;
    void require_addresses() const;
    void require_memory();
    [[noreturn]] void fail_enqueue(Stream& stream, bool is_recording, Errors& errors);

    TensorRtEngine& engine_;
    std::int32_t profile_;
    std::unique_ptr<nvinfer1::IExecutionContext> context_;
    std::vector<Binding> bindings_;  // as engine_.tensors()
    std::uint64_t memory_ = 0;
    std::int64_t memory_size_ = 0;
    std::int64_t needed_size_ = -1;  // for the shapes set now; -1: not asked for yet
    bool has_run_ = false;           // plainly, with the shapes, the addresses and the memory set now
};

}  // namespace lsrt::trt
