using System.ComponentModel;
using System.Diagnostics;
using LatentSync.Runtime;
using LatentSync.Video.FFmpeg.Native;

namespace LatentSync.Video.FFmpeg;

/// <summary>
/// One run of ffmpeg or ffprobe. Frames travel through its standard input and output and not through FFMpegCore's pipe arguments: those are
/// sockets in the temporary folder that stay behind when this process is killed, they hang when ffmpeg dies before it has connected, and a
/// failing side shows only as a broken pipe. Here the ends close by themselves whoever dies.
/// </summary>
internal sealed class FFmpegProcess : IAsyncDisposable
{
    // What ffmpeg itself ends with when a signal asks it to.
    private const int EndedBySignal = 255;

    private readonly Process _process;
    private readonly Task _errors;
    private int _disposed;

    private FFmpegProcess(Process process)
    {
        _process = process;
        _errors = DrainErrorsAsync();
    }

    /// <summary>What it wrote to its error stream so far; complete once <see cref="WaitForExitAsync"/> has returned.</summary>
    public FFmpegLog Log { get; } = new();

    /// <summary>Its standard output.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Its standard input.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    public int Id => _process.Id;

    /// <summary>Starts a tool. Its input is at end of file from the start unless <paramref name="feedInput"/>.</summary>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Environment"/>: the tool is missing or cannot be run.</exception>
    public static FFmpegProcess Start(string tool, IEnumerable<string> arguments, bool feedInput = false)
    {
        ProcessStartInfo start = new(FFmpegTools.Find(tool))
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["AV_LOG_FORCE_NOCOLOR"] = "1";
        start.Environment.Remove("FFREPORT"); // it would make every run write a log file into the current folder
        Process process = new() { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            process.Dispose();
            throw FFmpegTools.NotFound(tool, e);
        }

        FFmpegProcess running = new(process);
        if (feedInput)
        {
            PipeBuffer.Enlarge(running.Input);
        }
        else
        {
            process.StandardInput.Close();
        }

        PipeBuffer.Enlarge(running.Output);
        return running;
    }

    /// <summary>Tells it that its input ends here.</summary>
    public void CloseInput() => Close(_process.StandardInput);

    /// <summary>Ends it at once; its pipes then close and every pending read or write returns.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    /// <summary>
    /// Waits for its end and the last of its messages. Cancellation kills it. A run that died from the terminal's Ctrl-C, which reaches
    /// every process of the job, gives this process's own handler the moment it needs to cancel the token, so that the cause shown is the
    /// cancellation and not a failed ffmpeg.
    /// </summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        using (cancellationToken.UnsafeRegister(static p => ((FFmpegProcess)p!).Kill(), this))
        {
            await _errors.ConfigureAwait(false);
            await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_process.ExitCode is EndedBySignal or 128 + 2)
        {
            await Task.Delay(300, cancellationToken).ConfigureAwait(false);
        }

        return _process.ExitCode;
    }

    /// <summary>Why a run with this exit code failed: the first message, or the signal that killed it.</summary>
    public string Reason(int exitCode) => exitCode is > 128 and < 160
        ? $"ffmpeg was killed by signal {exitCode - 128}"
        : Log.Reason($"ffmpeg ended with code {exitCode} and no message");

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        Kill();
        await _errors.ConfigureAwait(false);
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        Close(_process.StandardInput);
        Close(_process.StandardOutput);
        Close(_process.StandardError);
        _process.Dispose(); // by itself it would leave the pipes to the garbage collector
    }

    private static void Close(IDisposable pipe)
    {
        try
        {
            pipe.Dispose();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Unwritten input of a process that is gone.
        }
    }

    private async Task DrainErrorsAsync()
    {
        try
        {
            while (await _process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                Log.Add(line);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The process is gone; what it had said is kept.
        }
    }
}
