using System.Text.Json;
using FFMpegCore;
using FFMpegCore.Exceptions;
using LatentSync.Runtime;
using LatentSync.Video.FFmpeg;

namespace LatentSync.Video;

/// <summary>
/// Reads what a media file says about itself, through ffprobe. FFMpegCore parses the answer but does not run the program: it would put the path
/// into a command string, where a quote in it ends the argument.
/// </summary>
public static class MediaProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Demuxers that draw text, follow addresses inside the file or have no end: none of them is a video a user means.</summary>
    private static readonly HashSet<string> RefusedFormats = new(StringComparer.Ordinal)
    {
        "tty", "bin", "xbin", "idf", "adf", "sga", "hls", "dash", "concat", "sdp", "rtsp", "rtp", "lavfi", "imf", "vapoursynth", "avisynth",
        "webm_dash_manifest", "ffmetadata",
    };

    /// <summary>Describes the file's video stream: the default one, else the first; cover pictures do not count.</summary>
    /// <param name="path">A local file. Any name is safe: it is never taken for an option, an address or a pattern.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="LatentSyncException">
    /// <see cref="LatentSyncError.Media"/>: the file is missing, a folder, empty, not readable, not a video, cut off, or has only audio;
    /// <see cref="LatentSyncError.Environment"/>: ffprobe is missing.
    /// </exception>
    public static async Task<VideoInfo> ProbeVideoAsync(string path, CancellationToken cancellationToken = default)
    {
        string full = MediaPath.RequireReadable(path, "video");
        return ProbeParser.ToVideo(full, await RunAsync(full, "video", cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Describes the file's first audio stream; the file may be a video.</summary>
    /// <param name="path">A local file.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="LatentSyncException">
    /// <see cref="LatentSyncError.Media"/>: the file is missing, a folder, empty, not readable, damaged, or has no audio;
    /// <see cref="LatentSyncError.Environment"/>: ffprobe is missing.
    /// </exception>
    public static async Task<AudioInfo> ProbeAudioAsync(string path, CancellationToken cancellationToken = default)
    {
        string full = MediaPath.RequireReadable(path, "recording");
        return ProbeParser.ToAudio(full, await RunAsync(full, "recording", cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Packets of the file's video, by reading through it: as many as frames were encoded, if it is whole.</summary>
    internal static async Task<long> CountVideoPacketsAsync(string fullPath, CancellationToken cancellationToken)
    {
        string[] options = ["-v", "error", "-count_packets", "-select_streams", "v:0", "-show_entries", "stream=nb_read_packets", "-of", "csv=p=0"];
        await using FFmpegProcess process = FFmpegProcess.Start(FFmpegTools.FFprobe, [.. options, .. MediaPath.InputArguments(fullPath)]);
        using StreamReader reader = new(process.Output, leaveOpen: true);
        string? line = await reader.ReadLineAsync(CancellationToken.None).ConfigureAwait(false);
        int exitCode = await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return exitCode == 0 && long.TryParse(line?.Trim(',', ' '), out long packets) ? packets : -1;
    }

    private static async Task<FFProbeAnalysis> RunAsync(string full, string what, CancellationToken cancellationToken)
    {
        string[] options = ["-v", "error", "-show_format", "-show_streams", "-of", "json"];
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        string shown = MediaPath.Show(full);
        try
        {
            await using FFmpegProcess process = FFmpegProcess.Start(FFmpegTools.FFprobe, [.. options, .. MediaPath.InputArguments(full)]);
            using CancellationTokenRegistration kill = patience.Token.UnsafeRegister(static p => ((FFmpegProcess)p!).Kill(), process);
            using StreamReader reader = new(process.Output, leaveOpen: true);
            string json = await reader.ReadToEndAsync(CancellationToken.None).ConfigureAwait(false);
            int exitCode = await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            if (exitCode != 0 || Parse(json) is not { } analysis)
            {
                string fix = process.Log.Contains("moov atom not found") ? "it is incomplete; copy or record it again" : $"give another {what}";
                throw new LatentSyncException(
                    LatentSyncError.Media, $"'{shown}' is not a {what} that ffmpeg can read ({process.Reason(exitCode)}): {fix}");
            }

            RefuseUnsuitable(full, shown, what, analysis.Format.FormatName ?? "?");
            return analysis;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LatentSyncException(
                LatentSyncError.Media, $"'{shown}' could not be examined within {Patience.TotalSeconds:0} s: convert it to MP4 first, or give another {what}");
        }
    }

    private static FFProbeAnalysis? Parse(string json)
    {
        try
        {
            return FFProbe.FromJson(json).Raw;
        }
        catch (Exception e) when (e is JsonException or FFMpegException or FormatNullException or FormatException or OverflowException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void RefuseUnsuitable(string full, string shown, string what, string format)
    {
        if (RefusedFormats.Contains(format.Split(',')[0]))
        {
            throw new LatentSyncException(LatentSyncError.Media, $"'{shown}' is a text or playlist ({format}), not a {what}: give the media file itself");
        }

        if (format.StartsWith("mov,", StringComparison.Ordinal) && Mp4Structure.MissingBytes(full) is > 0 and long missing)
        {
            throw new LatentSyncException(LatentSyncError.Media, $"'{shown}' is cut off, its last {missing} bytes are missing: copy or download it again");
        }
    }
}
