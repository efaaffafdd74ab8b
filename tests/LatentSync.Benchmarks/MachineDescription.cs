using System.Globalization;
using System.Runtime.InteropServices;

namespace LatentSync.Benchmarks;

/// <summary>What a run's times depend on, without naming the machine.</summary>
internal sealed record MachineDescription(string Processor, int Cores, double MemoryGigabytes, string System, string Runtime)
{
    public static MachineDescription Read() => new(
        Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9, 1),
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription);

    /// <summary>Memory that could be had now, in bytes; null where the system does not tell.</summary>
    public static long? AvailableBytes() => Kilobytes("/proc/meminfo", "MemAvailable");

    /// <summary>The most physical memory that this process held, in bytes; null where the system does not tell.</summary>
    public static long? PeakBytes() => Kilobytes("/proc/self/status", "VmHWM");

    private static long? Kilobytes(string file, string field) =>
        Field(file, field) is { } text ? 1024 * long.Parse(text.Replace("kB", string.Empty, StringComparison.Ordinal), CultureInfo.InvariantCulture) : null;

    private static string? Field(string file, string name) => File.Exists(file)
        ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
        : null;
}
