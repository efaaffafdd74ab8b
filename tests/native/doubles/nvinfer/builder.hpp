#pragma once

#include <memory>
#include <string>
#include <vector>

#include "double.hpp"
#include "generated_stubs.hpp"
#include "network.hpp"
#include "plan.hpp"
#include "timing_cache.hpp"

namespace lsrt_double {

class OptimizationProfile final : public nvinfer1::IOptimizationProfile, private stubs::VOptimizationProfile {
  public:
    OptimizationProfile() { mImpl = this; }

    const Profile& profile() const noexcept { return profile_; }

  private:
    bool setDimensions(const char* input, nvinfer1::OptProfileSelector select,
                       const nvinfer1::Dims& extents) noexcept override;
    bool isValid() const noexcept override;

    Profile profile_;
};

class BuilderConfig final : public nvinfer1::IBuilderConfig, private stubs::VBuilderConfig, private Counted {
  public:
    explicit BuilderConfig(nvinfer1::ILogger& logger);

    bool has(nvinfer1::BuilderFlag flag) const noexcept { return (flags_ >> static_cast<unsigned>(flag) & 1U) != 0; }
    std::int32_t optimization_level() const noexcept { return optimization_level_; }
    std::int32_t auxiliary_streams() const noexcept { return auxiliary_streams_; }
    std::int64_t workspace_limit() const noexcept { return workspace_limit_; }
    const std::vector<Profile>& profiles() const noexcept { return profiles_; }
    TimingCache* timing_cache() const noexcept { return timing_cache_; }
    nvinfer1::IProgressMonitor* progress() const noexcept { return progress_; }

  private:
    void setFlag(nvinfer1::BuilderFlag flag) noexcept override { flags_ |= 1U << static_cast<unsigned>(flag); }
    void clearFlag(nvinfer1::BuilderFlag flag) noexcept override { flags_ &= ~(1U << static_cast<unsigned>(flag)); }
    bool getFlag(nvinfer1::BuilderFlag flag) const noexcept override { return has(flag); }
    void setMemoryPoolLimit(nvinfer1::MemoryPoolType pool, std::size_t size) noexcept override;
    void setBuilderOptimizationLevel(std::int32_t level) noexcept override { optimization_level_ = level; }
#if NV_TENSORRT_MAJOR == 10
    void setMaxAuxStreams(std::int32_t count) noexcept override { auxiliary_streams_ = count; }
#else
    bool setMaxAuxStreams(std::int32_t count) noexcept override {
        auxiliary_streams_ = count;
        return true;
    }
#endif
    void setProgressMonitor(nvinfer1::IProgressMonitor* monitor) noexcept override { progress_ = monitor; }
    std::int32_t addOptimizationProfile(const nvinfer1::IOptimizationProfile* profile) noexcept override;
    nvinfer1::ITimingCache* createTimingCache(const void* bytes, std::size_t size) const noexcept override;
    bool setTimingCache(const nvinfer1::ITimingCache& cache, bool ignore_mismatch) noexcept override;

    nvinfer1::ILogger& logger_;
    std::uint32_t flags_;
    std::int32_t optimization_level_ = -1;
    std::int32_t auxiliary_streams_ = -1;
    std::int64_t workspace_limit_ = -1;
    std::vector<Profile> profiles_;
    TimingCache* timing_cache_ = nullptr;
    nvinfer1::IProgressMonitor* progress_ = nullptr;
};

class Builder final : public nvinfer1::IBuilder, private stubs::VBuilder, private Counted {
  public:
    explicit Builder(nvinfer1::ILogger& logger) : logger_(logger) { mImpl = this; }

  private:
    nvinfer1::INetworkDefinition* createNetworkV2(nvinfer1::NetworkDefinitionCreationFlags flags) noexcept override;
    nvinfer1::IBuilderConfig* createBuilderConfig() noexcept override { return new BuilderConfig(logger_); }
    nvinfer1::IOptimizationProfile* createOptimizationProfile() noexcept override;
    nvinfer1::IHostMemory* buildSerializedNetwork(nvinfer1::INetworkDefinition& network,
                                                  nvinfer1::IBuilderConfig& config) noexcept override;

    bool time_nodes(const Model& model, const BuilderConfig& config);

    nvinfer1::ILogger& logger_;
    // As in the real one, profiles belong to the builder.
    std::vector<std::unique_ptr<OptimizationProfile>> profiles_;
};

}  // namespace lsrt_double
