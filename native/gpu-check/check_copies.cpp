#include <cstring>
#include <iostream>

#include "checks.hpp"
#include "formula.hpp"
#include "table.hpp"

namespace gpu_check {

namespace {

std::byte* pointer_of(const Pinned& pinned) {
    void* pointer = nullptr;
    check(lsrt_pinned_pointer(pinned.get(), &pointer));
    return static_cast<std::byte*>(pointer);
}

}  // namespace

int check_copies(const Session& session, const Options& options) {
    const std::size_t size = options.copy_size;
    std::vector<std::byte> pageable(size);
    for (std::size_t i = 0; i < size; ++i) {
        pageable[i] = static_cast<std::byte>(mixed_byte(static_cast<std::uint32_t>(i), 1));
    }

    const std::vector<std::byte> sent = pageable;
    const auto pinned = make<Pinned>(lsrt_pinned_create, session.device(), static_cast<std::int64_t>(size));
    std::byte* const locked = pointer_of(pinned);
    std::memcpy(locked, sent.data(), size);
    const Buffer first = session.buffer(size);
    const Buffer second = session.buffer(size);

    int failures = 0;
    Table table({"copy", "bytes", "us", "GB/s", "result"});
    const auto measure = [&](const char* name, const std::byte* arrives, auto&& copy) {
        const double time = session.median_time(
            options.samples, [] {}, copy);
        session.synchronize();
        const bool is_well = arrives == nullptr || std::memcmp(arrives, sent.data(), size) == 0;
        failures += is_well ? 0 : 1;
        table.add({name, std::to_string(size), format(time), format(static_cast<double>(size) / time / 1000),
                   is_well ? "ok" : "FAILED: other bytes arrived"});
    };
    measure("pinned to device", nullptr, [&] { session.upload(first, locked, size); });
    measure("pageable to device", nullptr, [&] { session.upload(first, pageable.data(), size); });
    measure("device to device", nullptr, [&] {
        check(lsrt_copy_on_device(session.stream(), first.get(), 0, second.get(), 0, static_cast<std::int64_t>(size)));
    });
    std::memset(locked, 0, size);
    std::memset(pageable.data(), 0, size);
    measure("device to pinned", locked, [&] { session.download(second, locked, size); });
    measure("device to pageable", pageable.data(), [&] { session.download(second, pageable.data(), size); });
    table.print(std::cout, "Copies");
    return failures;
}

}  // namespace gpu_check
