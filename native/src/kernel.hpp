#pragma once

#include <cstdint>
#include <string_view>

#include "stream.hpp"

namespace lsrt {

/// PTX, compiled by the driver for one device.
class Module {
  public:
    Module(Device& device, std::string_view ptx);
    Module(const Module&) = delete;
    Module& operator=(const Module&) = delete;
    ~Module();

    Device& device() const noexcept { return device_; }
    cuda::Module handle() const noexcept { return handle_; }

  private:
    Device& device_;
    cuda::Module handle_ = nullptr;
};

/// One entry point of a module, which must outlive it.
class Kernel {
  public:
    Kernel(const Module& module, const char* entry);

    void launch(Stream& stream, const lsrt_launch& launch, const void* parameters, std::int64_t size) const;

  private:
    Device& device_;
    cuda::Function function_ = nullptr;
};

}  // namespace lsrt
