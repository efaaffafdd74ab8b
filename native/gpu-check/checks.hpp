#pragma once

#include "kernels.hpp"
#include "options.hpp"
#include "session.hpp"

// The parts of the check. Each prints its table and returns how many of its lines failed.

namespace gpu_check {

/// The driver's functions that the runtime uses, against the driver's library.
int check_symbols(const Session& session);

/// Every case: plainly against what is expected, captured against plainly; both timed. Every kernel must be in a case.
int check_cases(const Session& session, const Options& options);

/// Copies to, from and on the device, from pinned and from pageable memory: what arrives, and how fast.
int check_copies(const Session& session, const Options& options);

/// An engine of the given network: built, run plainly and captured, timed. Says so where there is nothing to build.
int check_engine(const Session& session, const Options& options);

}  // namespace gpu_check
