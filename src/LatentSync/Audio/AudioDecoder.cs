using System.Globalization;
using FFMpegCore;
using FFMpegCore.Exceptions;
using Instances.Exceptions;
using LatentSync.Runtime;

namespace LatentSync.Audio;

/// <summary>
/// Decodes the first audio stream of anything ffmpeg reads to 16 kHz mono 16-bit samples, with ffmpeg's default resampler and downmix, as the original does.
/// </summary>
/// <remarks>
/// ffmpeg runs once and writes its raw samples to a spool file, not to a pipe: the log-mel needs two passes, and a killed job leaves no named pipe behind.
/// Only local files are read: a name is never taken for an option, a URL or a pattern, and a playlist inside the file cannot reach the network.
/// </remarks>
public static class AudioDecoder
{
    private const int EndedBySignal = 255;
    private static readonly TimeSpan SignalDelay = TimeSpan.FromMilliseconds(300);

    /// <summary>Decodes a recording.</summary>
    /// <param name="path">A local audio file, or a video with sound.</param>
    /// <param name="temporaryFolder">Where the spool is written; made if it is missing.</param>
    /// <param name="options">Which part, and with which ffmpeg; null decodes all.</param>
    /// <param name="progress">0 to 1 where the file states its length.</param>
    /// <param name="cancellationToken">Kills ffmpeg at once.</param>
    /// <returns>The recording; disposing it removes the spool.</returns>
    /// <exception cref="LatentSyncException">The file is missing, empty, not decodable, without sound, cut short or too short; ffmpeg is missing or was killed; the disk is full.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public static async Task<PcmRecording> DecodeAsync(
        string path, string temporaryFolder, AudioDecodeOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(temporaryFolder);
        cancellationToken.ThrowIfCancellationRequested();
        options ??= new AudioDecodeOptions();
        CheckFile(path);
        CheckFfmpegFolder(options.FfmpegFolder);
        string spool = TemporaryFile.NewPath(temporaryFolder, ".s16le");
        PcmRecording? recording = null;
        try
        {
            FfmpegDecodeLog log = new(progress);
            int exitCode = await RunAsync(path, spool, options, log, cancellationToken).ConfigureAwait(false);
            DecodeOutcome.ThrowIfFailed(path, spool, exitCode, log);

            // ffmpeg counts what it decodes before it cuts, so its count is the recording's only where nothing is cut.
            bool isWhole = options.Start == TimeSpan.Zero && options.Duration is null;
            recording = new PcmRecording(spool, isWhole ? log.DecodedSamples : 0, isWhole ? log.DecodedRate : 0);
            DecodeOutcome.ThrowIfIncomplete(path, recording, log, options);
            progress?.Report(1);
            return recording;
        }
        catch
        {
            recording?.Dispose();
            TemporaryFile.TryDelete(spool);
            throw;
        }
    }

    private static async Task<int> RunAsync(string path, string spool, AudioDecodeOptions options, FfmpegDecodeLog log, CancellationToken cancellationToken)
    {
        FFMpegArgumentProcessor ffmpeg = FFMpegArguments
            .FromInput(new FfmpegOperand("-i", FfmpegOperand.LocalFile(path)), input => input
                .WithCustomArgument("-hide_banner -nostdin -v level+verbose -stats -protocol_whitelist file"))
            .OutputTo(new FfmpegOperand(string.Empty, FfmpegOperand.LocalFile(spool)), output => output
                .WithCustomArgument($"-map 0:a:0 {Cut(options)} -c:a pcm_s16le -f s16le")
                .WithAudioChannels(1)
                .WithAudioSamplingRate(AudioFormat.SampleRate))
            .NotifyOnStandardError(log.Add)
            .CancellableThrough(out Action kill, TimeSpan.Zero);
        try
        {
            Task<FFMpegResult> run = ffmpeg.ProcessAsynchronously(throwOnError: false, new FFOptions { BinaryFolder = options.FfmpegFolder ?? string.Empty });
            using CancellationTokenRegistration registration = cancellationToken.Register(() => End(kill));
            FFMpegResult result = await run.ConfigureAwait(false);
            if (result.ExitCode == EndedBySignal)
            {
                // The terminal's Ctrl-C reaches ffmpeg too: the caller's own handler gets the moment it needs to signal the token.
                await Task.Delay(SignalDelay, cancellationToken).ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            return result.ExitCode;
        }
        catch (Exception exception) when (exception is InstanceFileNotFoundException or FFMpegException)
        {
            throw new LatentSyncException(
                LatentSyncError.Environment, "ffmpeg was not found; install it (Debian and Ubuntu: 'apt-get install ffmpeg') or put it on the search path", exception);
        }
    }

    // ffmpeg may end by itself while it is told to: then its input is gone, and nobody is left to be told.
    private static void End(Action kill)
    {
        try
        {
            kill();
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // An exception here would end the process: it runs where the token was signalled.
        }
    }

    // Counted in samples from the first one, as the output's sound is cut: ffmpeg's own -ss goes by the container's clock, which need not begin there.
    private static string Cut(AudioDecodeOptions options)
    {
        if (options.Start == TimeSpan.Zero && options.Duration is null)
        {
            return string.Empty;
        }

        string length = options.Duration is { } duration ? $":duration={Seconds(duration)}" : string.Empty;
        return $"-af asetpts=N/SR/TB,atrim=start={Seconds(options.Start)}{length},asetpts=N/SR/TB";
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.#######", CultureInfo.InvariantCulture);

    private static void CheckFile(string path)
    {
        if (Directory.Exists(path))
        {
            throw new LatentSyncException(LatentSyncError.Media, $"{path}: is a folder; give the recording itself");
        }

        FileInfo file = new(path);
        if (!file.Exists)
        {
            throw new LatentSyncException(LatentSyncError.Media, $"{path}: no such file; give an audio file, or a video with sound");
        }

        // Pipes and devices have no length either: they cannot be read twice and may never end.
        if (file.Length == 0)
        {
            throw new LatentSyncException(LatentSyncError.Media, $"{path}: is empty; give an audio file, or a video with sound");
        }
    }

    private static void CheckFfmpegFolder(string? folder)
    {
        if (folder is not null && !File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg")))
        {
            throw new LatentSyncException(LatentSyncError.Environment, $"{folder}: holds no ffmpeg; name the folder that does, or install it (Debian and Ubuntu: 'apt-get install ffmpeg')");
        }
    }
}
