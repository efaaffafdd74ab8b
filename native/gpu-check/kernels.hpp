#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "session.hpp"

namespace gpu_check {

/// The kernels' PTX for one device: that of the newest GPU generation it can run, all of it compiled by its driver.
class Kernels {
  public:
    /// `folder` holds sm_75, sm_80, ... Throws std::runtime_error if none fits, or with the driver's log.
    Kernels(const Session& session, const std::filesystem::path& folder);

    int architecture() const { return architecture_; }

    std::set<std::string> names() const;

    /// Throws std::runtime_error if there is no such kernel.
    lsrt_kernel* find(const std::string& name) const;

  private:
    struct Loaded {
        Module module;
        Kernel kernel;  // goes before its module
    };

    int architecture_ = 0;
    std::map<std::string, Loaded> kernels_;
};

}  // namespace gpu_check
