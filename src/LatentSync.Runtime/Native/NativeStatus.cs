namespace LatentSync.Runtime.Native;

/// <summary>Outcome of a native call; the values are those of <c>latentsync_rt.h</c>.</summary>
internal enum NativeStatus
{
    Ok = 0,
    InvalidArgument = 1,
    OutOfMemory = 2,
    LibraryMissing = 3,
    LibraryUnusable = 4,
    Driver = 5,
    BufferTooSmall = 6,
    Internal = 7,
    Unsupported = 8,
    InvalidState = 9,
    DeviceOutOfMemory = 10,
    KernelCompilation = 11,
    Launch = 12,
    Capture = 13,
    DeviceLost = 14,
    Cancelled = 15,
    Build = 16,
    Plan = 17,
    Execution = 18,
}
