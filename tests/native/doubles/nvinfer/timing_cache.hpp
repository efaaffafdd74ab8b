#pragma once

#include <map>
#include <string>

#include "double.hpp"
#include "generated_stubs.hpp"

namespace lsrt_double {

/// Of each node that was timed the tactic that won, under a header with version and device.
class TimingCache final : public nvinfer1::ITimingCache, private stubs::VTimingCache, private Counted {
  public:
    /// Throws std::runtime_error if the bytes are no timing cache; none make an empty one.
    TimingCache(const void* bytes, std::size_t size);

    /// Whether it was made by this version and on this device.
    bool fits() const;
    bool contains(const std::string& key) const { return entries_.contains(key); }
    void add(const std::string& key, const std::string& tactic) { entries_[key] = tactic; }

  private:
    nvinfer1::IHostMemory* serialize() const noexcept override;
    bool combine(const nvinfer1::ITimingCache& other, bool ignore_mismatch) noexcept override;

    std::string version_;
    std::string device_;
    std::map<std::string, std::string> entries_;
};

}  // namespace lsrt_double
