using System.Diagnostics;

namespace LatentSync.Tests.Cli;

/// <summary><c>sync --out -</c>.</summary>
public sealed class SyncStreamTests : IDisposable
{
    private const int Usage = 2, Output = 5;

    private readonly SyncBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [SkippableFact]
    public async Task Sync_OutDash_StreamsTheVideoAndTellsTheRestOnStandardError()
    {
        (int exitCode, string errors) = await ShellAsync("> \"$OUT\"");

        Assert.True(exitCode == 0, errors);
        Assert.Equal("h264,640,480", _bench.Probe(_bench["out/stream.mp4"], "v", "codec_name,width,height"));
        Assert.Contains("first frame", errors, StringComparison.Ordinal);
        Assert.Contains("3 frames", errors, StringComparison.Ordinal);
        _bench.CheckNothingLeft();
    }

    [SkippableFact]
    public async Task Sync_ReaderOfOutDashGoes_IsAClearError()
    {
        (int exitCode, string errors) = await ShellAsync("| true; exit ${PIPESTATUS[0]}");

        Assert.True(exitCode == Output, errors);
        Assert.Contains("latentsync: the output stream takes no more (", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        _bench.CheckNothingLeft();
    }

    [Fact]
    public async Task Sync_OutDashAndJson_IsRefused() => await _bench.RefusesAsync(Usage, _bench.Job(("--out", "-")), "--json", "--out -");

    private async Task<(int ExitCode, string Errors)> ShellAsync(string rest)
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a shell with pipes");
        ProcessStartInfo start = new("bash", ["-c", $"\"$@\" {rest}", "bash", CliProcess.Host, Path.Combine(AppContext.BaseDirectory, "LatentSync.Cli.dll"), .. _bench.Job(("--out", "-"))])
        {
            WorkingDirectory = _bench.Folder,
            RedirectStandardError = true,
        };
        start.Environment["OUT"] = _bench["out/stream.mp4"];
        using Process process = Process.Start(start)!;
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, errors);
    }
}
