namespace LatentSync.Kernels.Launching;

/// <summary>
/// The device kernels as typed calls: each checks that its views hold what the kernel touches, packs the parameters as the manifest lists them and
/// enqueues the launch. A call has the kernel's name and, in place of the thread's index, the launcher; then the kernel's parameters, and last the size
/// that the number of threads still needs. It allocates nothing. What is in the views is not looked at: tables of taps must be those of
/// <see cref="Lanczos4Taps"/> and <see cref="BicubicTaps"/> for the sizes given, and the step one of the table's.
/// </summary>
public static partial class DeviceKernelCalls;
