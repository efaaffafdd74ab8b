#pragma once

#include <string>
#include <vector>

#include "case_file.hpp"
#include "kernels.hpp"
#include "session.hpp"

namespace gpu_check {

/// How far results are from what was expected: the sample that is worst in relation to what it may be off.
struct Difference {
    double worst = 0;
    double allowed = 0;
    std::string failure;  // empty if every sample is within its tolerance and nothing was written behind a buffer
};

/// One case on the device.
class CaseRun {
  public:
    CaseRun(const Session& session, const Kernels& kernels, const Case& subject);

    /// Puts the buffers back to what they hold at first.
    void restore() const;

    /// Enqueues the launches once.
    void enqueue() const;

    /// What all buffers hold now, and what lies behind each.
    std::vector<std::vector<std::byte>> results() const;

    Difference compare(const std::vector<std::vector<std::byte>>& results) const;

  private:
    struct Launch {
        lsrt_kernel* kernel;
        lsrt_launch grid;
        std::vector<std::byte> parameters;
    };

    const Session& session_;
    const Case& case_;
    std::vector<Buffer> buffers_;
    std::vector<std::vector<std::byte>> initial_;  // with the guards
    std::vector<Launch> launches_;
};

}  // namespace gpu_check
