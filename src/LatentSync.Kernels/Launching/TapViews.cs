using LatentSync.Runtime;

namespace LatentSync.Kernels.Launching;

/// <summary>The taps of one axis of a resize, on the device.</summary>
internal readonly record struct TapViews<T>(DeviceView<int> Starts, DeviceView<T> Weights, int Count)
    where T : unmanaged;
