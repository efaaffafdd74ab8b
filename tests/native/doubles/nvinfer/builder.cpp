#include "builder.hpp"

#include <algorithm>
#include <thread>

#include "host_memory.hpp"

namespace lsrt_double {

namespace {

using nvinfer1::BuilderFlag;

bool is_dynamic(const lsrt_double_tensor& tensor) {
    return std::any_of(tensor.extents, tensor.extents + tensor.rank, [](std::int64_t extent) { return extent < 0; });
}

/// As the real builder, which refuses a network with dynamic inputs that no profile bounds.
std::string profile_error(const Model& model, const std::vector<Profile>& profiles) {
    for (const lsrt_double_tensor& tensor : model.tensors()) {
        if (tensor.is_input == 0 || !is_dynamic(tensor)) {
            continue;
        }

        const auto bounds = [&](const Profile& profile) { return profile.contains(tensor.name); };
        if (profiles.empty() || !std::all_of(profiles.begin(), profiles.end(), bounds)) {
            return std::string(
                       "Network has dynamic or shape inputs, but no optimization profile has been defined for ") +
                   tensor.name;
        }
    }

    return {};
}

}  // namespace

bool OptimizationProfile::setDimensions(const char* input, nvinfer1::OptProfileSelector select,
                                        const nvinfer1::Dims& extents) noexcept {
    profile_[input][static_cast<std::size_t>(select)] = extents;
    return true;
}

bool OptimizationProfile::isValid() const noexcept {
    return std::all_of(profile_.begin(), profile_.end(), [](const auto& entry) {
        const auto& [min, opt, max] = entry.second;
        bool is_ordered = min.nbDims == opt.nbDims && opt.nbDims == max.nbDims;
        for (std::int32_t i = 0; is_ordered && i < min.nbDims; ++i) {
            is_ordered = 0 <= min.d[i] && min.d[i] <= opt.d[i] && opt.d[i] <= max.d[i];
        }

        return is_ordered;
    });
}

// The real one has TF32 on until it is cleared.
BuilderConfig::BuilderConfig(nvinfer1::ILogger& logger)
    : logger_(logger), flags_(1U << static_cast<unsigned>(BuilderFlag::kTF32)) {
    mImpl = this;
}

void BuilderConfig::setMemoryPoolLimit(nvinfer1::MemoryPoolType pool, std::size_t size) noexcept {
    if (pool == nvinfer1::MemoryPoolType::kWORKSPACE) {
        workspace_limit_ = static_cast<std::int64_t>(size);
    }
}

std::int32_t BuilderConfig::addOptimizationProfile(const nvinfer1::IOptimizationProfile* profile) noexcept {
    profiles_.push_back(static_cast<const OptimizationProfile*>(profile)->profile());
    return static_cast<std::int32_t>(profiles_.size()) - 1;
}

nvinfer1::ITimingCache* BuilderConfig::createTimingCache(const void* bytes, std::size_t size) const noexcept {
    try {
        return new TimingCache(bytes, size);
    } catch (const std::exception& exception) {
        log_error(logger_, exception.what());
        return nullptr;
    }
}

bool BuilderConfig::setTimingCache(const nvinfer1::ITimingCache& cache, bool ignore_mismatch) noexcept {
    // The interface takes it const and the build adds to it.
    auto& writable = const_cast<TimingCache&>(static_cast<const TimingCache&>(cache));
    if (!ignore_mismatch && !writable.fits()) {
        log_error(logger_, "The timing cache comes from another version or device");
        return false;
    }

    timing_cache_ = &writable;
    return true;
}

nvinfer1::INetworkDefinition* Builder::createNetworkV2(nvinfer1::NetworkDefinitionCreationFlags flags) noexcept {
    if (fails("create_network")) {
        log_error(logger_, "no network today");
        return nullptr;
    }

    return new Network(flags, logger_);
}

nvinfer1::IOptimizationProfile* Builder::createOptimizationProfile() noexcept {
    return profiles_.emplace_back(std::make_unique<OptimizationProfile>()).get();
}

/// Tells of progress as the real builder does, nested; false if the monitor stopped it.
bool Builder::time_nodes(const Model& model, const BuilderConfig& config) {
    nvinfer1::IProgressMonitor* progress = config.progress();
    const auto start = [&](const std::string& phase, const char* parent, std::int32_t count) {
        if (progress != nullptr) {
            progress->phaseStart(phase.c_str(), parent, count);
        }
    };
    const auto step = [&](const std::string& phase, std::int32_t index) {
        return progress == nullptr || progress->stepComplete(phase.c_str(), index);
    };
    const auto finish = [&](const std::string& phase) {
        if (progress != nullptr) {
            progress->phaseFinish(phase.c_str());
        }
    };

    // A model of another format counts as one node.
    std::vector<std::string> nodes;
    for (const Node& node : model.nodes()) {
        nodes.push_back(node.op + ":" + node.name);
    }
    if (nodes.empty()) {
        nodes.emplace_back("model:whole");
    }

    const std::string outer = "Building an engine";
    bool goes_on = true;
    start(outer, nullptr, static_cast<std::int32_t>(nodes.size()));
    for (std::size_t i = 0; goes_on && i < nodes.size(); ++i) {
        const std::string inner = "Timing " + nodes[i];
        start(inner, outer.c_str(), 1);
        if (config.timing_cache() == nullptr || !config.timing_cache()->contains(nodes[i])) {
            const std::int64_t tactic = ++counters().tactics_timed;
            if (config.timing_cache() != nullptr) {
                config.timing_cache()->add(nodes[i], std::to_string(tactic));
            }
        }

        goes_on = step(inner, 0);
        finish(inner);
        goes_on = goes_on && step(outer, static_cast<std::int32_t>(i));
    }

    finish(outer);
    return goes_on;
}

nvinfer1::IHostMemory* Builder::buildSerializedNetwork(nvinfer1::INetworkDefinition& network,
                                                       nvinfer1::IBuilderConfig& config) noexcept {
    const auto& source = static_cast<const Network&>(network);
    const auto& settings = static_cast<const BuilderConfig&>(config);
    nvinfer1::IHostMemory* plan = nullptr;
    // The real builder works, logs and tells of progress from threads of its own.
    std::thread([&] {
        if (fails("build")) {
            log_error(logger_, "Could not find any implementation for node {ForeignNode[one...two]}");
        } else if (fails("out_of_memory")) {
            log_error(logger_, "Error Code 2: OutOfMemory (Requested size was 8589934592 bytes.)");
        } else if (!source.is_strongly_typed()) {
            log_error(logger_, "the double builds strongly typed networks only");
        } else if (const std::string error = profile_error(*source.model(), settings.profiles()); !error.empty()) {
            log_error(logger_, error);
        } else if (!time_nodes(*source.model(), settings)) {
            log(logger_, nvinfer1::ILogger::Severity::kWARNING, "The build was cancelled");
        } else {
            Plan built{*source.model(), settings.profiles()};
            built.profiles.resize(std::max<std::size_t>(built.profiles.size(), 1));
            built.is_refittable = settings.has(BuilderFlag::kREFIT);
            built.streams_weights = settings.has(BuilderFlag::kWEIGHT_STREAMING);
            built.uses_tf32 = settings.has(BuilderFlag::kTF32);
            built.auxiliary_streams = settings.auxiliary_streams();
            built.optimization_level = settings.optimization_level();
            built.workspace_limit = settings.workspace_limit();
            plan = new HostMemory(write_plan(built));
        }
    }).join();
    return plan;
}

}  // namespace lsrt_double
