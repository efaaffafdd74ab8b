using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace LatentSync.Tests.FullSize;

/// <summary>A program that was run to its end.</summary>
/// <param name="ExitCode">Its exit status.</param>
/// <param name="Output">Both its output streams.</param>
/// <param name="Wall">From start to exit.</param>
/// <param name="PeakResidentBytes">VmHWM as last seen while it ran, 0 where the system does not tell.</param>
internal sealed record ChildProcess(int ExitCode, string Output, TimeSpan Wall, long PeakResidentBytes)
{
    /// <summary>Runs a program with an argument list and fails the test unless it succeeds.</summary>
    public static ChildProcess Run(string program, params IReadOnlyList<string> arguments)
    {
        StringBuilder output = new();
        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (output)
            {
                output.AppendLine(line.Data);
            }
        }

        using Process process = new() { StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        Stopwatch clock = Stopwatch.StartNew();
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        long peak = 0;
        // The high-water mark only grows, so that what is missed is what the last 20 ms add.
        while (!process.WaitForExit(20))
        {
            peak = Math.Max(peak, HighWaterMark(process.Id));
        }

        TimeSpan wall = clock.Elapsed;
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}: {output}");
        return new ChildProcess(process.ExitCode, output.ToString(), wall, peak);
    }

    private static long HighWaterMark(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.AsSpan()["VmHWM:".Length..].Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
