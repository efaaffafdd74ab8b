#include "timing_cache.hpp"

#include <sstream>
#include <stdexcept>

#include "host_memory.hpp"

namespace lsrt_double {

namespace {

const std::string this_version = std::to_string(NV_TENSORRT_VERSION);
const std::string this_device = "double-device";

}  // namespace

TimingCache::TimingCache(const void* bytes, std::size_t size) : version_(this_version), device_(this_device) {
    mImpl = this;
    if (size == 0) {
        return;
    }

    std::istringstream text(std::string(static_cast<const char*>(bytes), size));
    std::string title;
    std::string end;
    std::size_t count = 0;
    text >> title >> version_ >> device_ >> count;
    for (std::size_t i = 0; text && i < count; ++i) {
        std::string key;
        text >> key;
        text >> entries_[key];
    }

    text >> end;
    if (title != "double-timing-cache" || end != "end") {
        throw std::runtime_error("the timing cache is damaged");
    }
}

bool TimingCache::fits() const { return version_ == this_version && device_ == this_device; }

nvinfer1::IHostMemory* TimingCache::serialize() const noexcept {
    std::ostringstream text;
    text << "double-timing-cache " << version_ << ' ' << device_ << ' ' << entries_.size() << '\n';
    for (const auto& [key, tactic] : entries_) {
        text << key << ' ' << tactic << '\n';
    }

    text << "end\n";
    return new HostMemory(text.str());
}

bool TimingCache::combine(const nvinfer1::ITimingCache& other, bool ignore_mismatch) noexcept {
    const auto& added = static_cast<const TimingCache&>(other);
    if (!ignore_mismatch && (added.version_ != version_ || added.device_ != device_)) {
        return false;
    }

    entries_.insert(added.entries_.begin(), added.entries_.end());  // keeps what is there
    return true;
}

}  // namespace lsrt_double
