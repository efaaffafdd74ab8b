#include "case_run.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace gpu_check {

namespace {

// As the engine launches them (LatentSync.Runtime's CudaKernelLauncher).
constexpr std::uint32_t block_size = 256;

// Behind every buffer lie bytes that no kernel may touch.
constexpr std::size_t guard_size = 256;
constexpr std::byte guard{0xA5};

template <typename T>
T load(const std::byte* at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

double load(Element element, const std::byte* at) {
    switch (element) {
        case Element::uint8:
            return load<std::uint8_t>(at);
        case Element::int16:
            return load<std::int16_t>(at);
        case Element::int32:
            return load<std::int32_t>(at);
        default:
            return static_cast<double>(load<float>(at));
    }
}

/// Integers may differ by the tolerance, floats by the tolerance times max(1, |expected|).
double allowed_difference(Element element, float tolerance, double expected) {
    const double scale = element == Element::float32 ? std::max(1.0, std::abs(expected)) : 1.0;
    return static_cast<double>(tolerance) * scale;
}

/// Infinite where only one of both is a number.
double distance(double expected, double actual) {
    const double off = std::abs(actual - expected);
    return std::isnan(off) ? std::numeric_limits<double>::infinity() : off;
}

}  // namespace

CaseRun::CaseRun(const Session& session, const Kernels& kernels, const Case& subject)
    : session_(session), case_(subject) {
    for (const CaseBuffer& buffer : case_.buffers) {
        initial_.push_back(buffer.initial);
        initial_.back().insert(initial_.back().end(), guard_size, guard);
        buffers_.push_back(session_.buffer(initial_.back().size()));
    }

    for (const CaseLaunch& launch : case_.launches) {
        Launch ready{kernels.find(launch.kernel), {}, launch.parameters};
        ready.grid = {sizeof ready.grid, (launch.extent + block_size - 1) / block_size, 1, 1, block_size, 1, 1, 0, 0};
        for (const CasePointer& pointer : launch.pointers) {
            const std::uint64_t address = Session::address(buffers_[pointer.buffer]) + pointer.offset;
            std::memcpy(ready.parameters.data() + pointer.parameter, &address, sizeof address);
        }

        launches_.push_back(std::move(ready));
    }
}

void CaseRun::restore() const {
    for (std::size_t i = 0; i < buffers_.size(); ++i) {
        session_.upload(buffers_[i], initial_[i].data(), initial_[i].size());
    }
}

void CaseRun::enqueue() const {
    for (const Launch& launch : launches_) {
        check(lsrt_kernel_launch(launch.kernel, session_.stream(), &launch.grid, launch.parameters.data(),
                                 static_cast<std::int64_t>(launch.parameters.size())));
    }
}

std::vector<std::vector<std::byte>> CaseRun::results() const {
    std::vector<std::vector<std::byte>> results = initial_;
    for (std::size_t i = 0; i < buffers_.size(); ++i) {
        session_.download(buffers_[i], results[i].data(), results[i].size());
    }

    session_.synchronize();
    return results;
}

Difference CaseRun::compare(const std::vector<std::vector<std::byte>>& results) const {
    Difference difference;
    double worst_share = -1;
    for (const CaseExpectation& expectation : case_.expectations) {
        const Element element = case_.buffers[expectation.buffer].element;
        const std::size_t size = size_of(element);
        for (std::size_t i = 0; i < expectation.values.size() / size; ++i) {
            const std::byte* const expected_at = expectation.values.data() + i * size;
            const std::byte* const actual_at = results[expectation.buffer].data() + i * expectation.step * size;
            const bool is_equal = std::memcmp(expected_at, actual_at, size) == 0;  // a NaN that was to stay, too
            const double expected = load(element, expected_at);
            const double actual = load(element, actual_at);
            const double allowed = allowed_difference(element, expectation.tolerance, expected);
            const double off = is_equal ? 0 : distance(expected, actual);
            if (off > allowed && difference.failure.empty()) {
                difference.failure = "buffer " + std::to_string(expectation.buffer) + ", element " +
                                     std::to_string(i * expectation.step) + ": " + std::to_string(actual) +
                                     " instead of " + std::to_string(expected);
            }

            const double share = allowed > 0 ? off / allowed : off;
            if (share > worst_share) {
                worst_share = share;
                difference.worst = off;
                difference.allowed = allowed;
            }
        }
    }

    for (std::size_t i = 0; i < results.size(); ++i) {
        const auto behind = results[i].end() - static_cast<std::ptrdiff_t>(guard_size);
        if (std::any_of(behind, results[i].end(), [](std::byte byte) { return byte != guard; })) {
            difference.failure = "wrote behind buffer " + std::to_string(i);
        }
    }

    return difference;
}

}  // namespace gpu_check
