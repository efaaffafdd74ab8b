#pragma once

#include <string>
#include <utility>

#include "double.hpp"
#include "generated_stubs.hpp"

namespace lsrt_double {

class HostMemory final : public nvinfer1::IHostMemory, private stubs::VHostMemory, private Counted {
  public:
    explicit HostMemory(std::string bytes) : bytes_(std::move(bytes)) { mImpl = this; }

  private:
    void* data() const noexcept override { return const_cast<char*>(bytes_.data()); }
    std::size_t size() const noexcept override { return bytes_.size(); }
    nvinfer1::DataType type() const noexcept override { return nvinfer1::DataType::kINT8; }

    std::string bytes_;
};

}  // namespace lsrt_double
