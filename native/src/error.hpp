#pragma once

#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>

#include "latentsync_rt.h"

namespace lsrt {

/// A failure with the status that the C interface returns for it.
class Failure : public std::runtime_error {
  public:
    Failure(lsrt_status status, const std::string& message) : std::runtime_error(message), status_(status) {}

    lsrt_status status() const noexcept { return status_; }

  private:
    lsrt_status status_;
};

/// Keeps the message for the calling thread and returns the status. Allocates nothing, so that it serves bad_alloc too.
lsrt_status report(lsrt_status status, std::string_view message) noexcept;

/// The calling thread's latest message.
std::string_view last_message() noexcept;

/// Fails with INVALID_ARGUMENT unless the condition holds.
void require(bool condition, const char* message);

/// The one door through which every export returns: whatever the body throws becomes a status and a message.
template <typename Body>
lsrt_status guard(Body&& body) noexcept {
    try {
        body();
        return LSRT_STATUS_OK;
    } catch (const Failure& failure) {
        return report(failure.status(), failure.what());
    } catch (const std::bad_alloc&) {
        return report(LSRT_STATUS_OUT_OF_MEMORY, "out of host memory");
    } catch (const std::exception& exception) {
        return report(LSRT_STATUS_INTERNAL, exception.what());
    } catch (...) {
        return report(LSRT_STATUS_INTERNAL, "an exception of an unknown type");
    }
}

}  // namespace lsrt
