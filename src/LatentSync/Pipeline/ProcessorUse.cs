namespace LatentSync.Pipeline;

/// <summary>How much of the processors this process used over some time; ffmpeg's own processes are not counted.</summary>
/// <param name="CpuTime">Time on all processors, in user and kernel mode.</param>
/// <param name="WallTime">Time on the wall.</param>
public sealed record ProcessorUse(TimeSpan CpuTime, TimeSpan WallTime)
{
    /// <summary>Processors in use on average.</summary>
    public double Processors => CpuTime / WallTime;
}
