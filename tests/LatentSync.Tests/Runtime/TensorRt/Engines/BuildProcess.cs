using System.Diagnostics;
using LatentSync.Tests.Cli;

namespace LatentSync.Tests.Runtime.TensorRt.Engines;

/// <summary><see cref="EngineBuildHost"/> in a process of its own.</summary>
internal sealed class BuildProcess : IDisposable
{
    private readonly Process _process;

    public BuildProcess(string cache, string model) => _process = Process.Start(
        new ProcessStartInfo(CliProcess.Host, [Path.Combine(AppContext.BaseDirectory, "LatentSync.Tests.dll"), cache, model])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    /// <summary>Its next word; null once it has ended.</summary>
    public Task<string?> NextAsync() => _process.StandardOutput.ReadLineAsync();

    /// <summary>Lets it go on to the place after this one.</summary>
    public void GoOn()
    {
        _process.StandardInput.WriteLine();
        _process.StandardInput.Flush();
    }

    /// <summary>Lets it go on to its end, wherever it would stop, and gives its last word.</summary>
    public async Task<string?> FinishAsync()
    {
        _process.StandardInput.Close();
        string? last = null;
        while (await NextAsync() is { } word)
        {
            last = word;
        }

        return last;
    }

    /// <summary>SIGKILL, or what comes next to it.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
