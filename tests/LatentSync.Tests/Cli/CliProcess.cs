using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LatentSync.Tests.Cli;

/// <summary>The command line as a user starts it: a process of its own, with an argument list.</summary>
internal sealed class CliProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly StringBuilder _output = new();

    private CliProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The host that runs these tests also runs programs, wherever it is installed.</summary>
    public static string Host
    {
        get
        {
            DirectoryInfo framework = new(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
            return Path.Combine(framework.Parent!.Parent!.Parent!.FullName, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        }
    }

    /// <summary>Starts the command.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to set.</param>
    public static CliProcess Start(string folder, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(Host, [Path.Combine(AppContext.BaseDirectory, "LatentSync.Cli.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(folder, "cache");
        start.Environment.Remove("LATENTSYNC_MODELS");
        start.Environment.Remove("LATENTSYNC_DEBUG");
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return new CliProcess(Process.Start(start)!);
    }

    /// <summary>Reads standard output up to the first progress event of a stage, or of any; false if there is none.</summary>
    public async Task<bool> WaitForStageAsync(string? stage)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _output.Append(line).Append('\n');
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.TryGetProperty("stage", out JsonElement found) && (stage is null || found.GetString() == stage))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Sends a signal by its number; skips the test where there are none.</summary>
    public void Signal(int number) => Signal(number, _process.Id);

    /// <summary>Sends a signal to a process; skips the test where that cannot be done.</summary>
    public static void Signal(int number, int processId)
    {
        Skip.If(OperatingSystem.IsWindows(), "there are no signals");
        string[] arguments = ["-c", "kill -$1 $2", "kill", number.ToString(CultureInfo.InvariantCulture), processId.ToString(CultureInfo.InvariantCulture)];
        using Process kill = Process.Start("/bin/sh", arguments);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    public async Task<CliResult> FinishAsync()
    {
        _output.Append(await _process.StandardOutput.ReadToEndAsync());
        string errors = await _errors;
        await _process.WaitForExitAsync();
        return new CliResult(_process.ExitCode, _output.ToString(), errors);
    }

    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended, as it should.
        }

        _process.Dispose();
    }
}
