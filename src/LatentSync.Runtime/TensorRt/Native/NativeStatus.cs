namespace LatentSync.Runtime.TensorRt.Native;

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
}
