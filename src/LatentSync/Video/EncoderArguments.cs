using System.Globalization;
using FFMpegCore.Arguments;
using FFMpegCore.Enums;
using LatentSync.Runtime;
using LatentSync.Video.FFmpeg;

namespace LatentSync.Video;

/// <summary>ffmpeg's argument list for one <see cref="VideoWriter"/>.</summary>
internal static class EncoderArguments
{
    // Frames from one key frame of a stream to the next: those of a chunk.
    private const int StreamGop = 16;

    private static readonly string[] Presets = ["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"];

    /// <summary>Checks the options; the returned format is ffmpeg's name for the container that the extension asks for.</summary>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Usage"/>: a senseless option or extension.</exception>
    public static string Validate(string path, VideoWriterOptions options)
    {
        ValidateEncoding(options);
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".mp4" or ".m4v" => "mp4",
            ".mov" => "mov",
            ".mkv" => "matroska",
            _ => throw new LatentSyncException(LatentSyncError.Usage, $"'{MediaPath.Show(path)}' has no extension of a supported container: end it in .mp4, .mov or .mkv"),
        };
    }

    /// <summary>Checks what does not depend on the container.</summary>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Usage"/>: a senseless option.</exception>
    public static void ValidateEncoding(VideoWriterOptions options)
    {
        if (options.Crf is < 0 or > 51)
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"--crf {options.Crf} is out of range: give 0 (best) to 51");
        }

        if (!Presets.Contains(options.Preset))
        {
            throw new LatentSyncException(
                LatentSyncError.Usage, $"'{MediaPath.Show(options.Preset)}' is no x264 preset: give one of {string.Join(", ", Presets)}");
        }

        if (!options.FrameRate.IsPositive)
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"{options.FrameRate} is no frame rate: give one above zero");
        }
    }

    public static IReadOnlyList<string> Build(string partialPath, string format, int width, int height, VideoWriterOptions options, AudioInfo? audio)
    {
        FFmpegArguments arguments = Common(width, height, options, audio);
        if (format != "matroska")
        {
            arguments.Add(new MovFlagsArgument(MovFlags.FastStart));
        }

        return arguments.Add(new ForceFormatArgument(format)).Add("-y", MediaPath.Url(partialPath)).List;
    }

    /// <summary>Fragmented MP4 on standard output: a fragment a frame, without looking ahead, so that no frame waits for others.</summary>
    public static IReadOnlyList<string> BuildStream(int width, int height, VideoWriterOptions options, AudioInfo? audio)
    {
        string frame = Math.Max(1, (long)(1e6 / options.FrameRate.Value)).ToString(CultureInfo.InvariantCulture);
        return Common(width, height, options, audio)
            .Add("-tune", "zerolatency", "-g", StreamGop.ToString(CultureInfo.InvariantCulture))
            // Without the delay the sound's encoder delay would push all frames but the first back by it.
            .Add("-movflags", "frag_keyframe+empty_moov+delay_moov+default_base_moof", "-frag_duration", frame, "-flush_packets", "1")
            .Add(new ForceFormatArgument("mp4"))
            .Add("pipe:1")
            .List;
    }

    private static FFmpegArguments Common(int width, int height, VideoWriterOptions options, AudioInfo? audio)
    {
        VideoColor color = ColorConversion.ForOutput(options.Color);
        FFmpegArguments arguments = new FFmpegArguments()
            .Add(new ForceFormatArgument("rawvideo"))
            .Add("-pixel_format", "rgb24", "-video_size", string.Create(CultureInfo.InvariantCulture, $"{width}x{height}"))
            .Add("-framerate", options.FrameRate.ToString(), "-i", "pipe:0");
        if (audio is not null)
        {
            arguments.Add("-vn").AddRange(MediaPath.InputArguments(audio.Path));
        }

        Rational shape = options.SampleAspectRatio.IsPositive ? options.SampleAspectRatio : Rational.One;
        arguments.Add("-map", "0:v:0", "-vf", $"scale={ColorConversion.ToOutput(color)}{ColorConversion.ScaleFlags},format=yuv420p,setsar={shape}")
            .Add(new VideoCodecArgument("libx264"), new ForcePixelFormatArgument("yuv420p"), new ConstantRateFactorArgument(options.Crf))
            .Add(new SpeedPresetArgument(options.Preset))
            .AddRange(ColorConversion.Tags(color));
        if (options.Threads > 0)
        {
            arguments.Add(new ThreadsArgument(options.Threads));
        }

        if (audio is not null)
        {
            AddAudio(arguments, options, audio);
        }

        return arguments.Add("-map_metadata", "-1", "-map_chapters", "-1");
    }

    /// <summary>
    /// Sound from the recording's first sample on, without gaps, exactly as the analysis hears it: the container's own timestamps (late
    /// starts, holes) must not shift it against the mouth.
    /// </summary>
    private static void AddAudio(FFmpegArguments arguments, VideoWriterOptions options, AudioInfo audio)
    {
        string filters = "asetpts=N/SR/TB";
        if (options.AudioStart > TimeSpan.Zero || options.AudioDuration is not null)
        {
            string start = options.AudioStart.TotalSeconds.ToString("0.#######", CultureInfo.InvariantCulture);
            string length = options.AudioDuration is { } d ? ":duration=" + d.TotalSeconds.ToString("0.#######", CultureInfo.InvariantCulture) : string.Empty;
            filters += $",atrim=start={start}{length},asetpts=N/SR/TB";
        }

        // 96 kbit/s a channel, within what AAC can carry at low sample rates (6144 bits per channel and frame of 1024 samples).
        int channels = Math.Min(audio.Channels, 8);
        int bitRate = channels * Math.Min(96_000, audio.SampleRate * 6);
        arguments.Add("-map", "1:a:0", "-af", filters)
            .Add(new AudioCodecArgument("aac"))
            .Add("-b:a", bitRate.ToString(CultureInfo.InvariantCulture));
        if (audio.Channels > 8)
        {
            arguments.Add("-ac", "2"); // AAC ends at 7.1; what lies beyond is a multitrack recording
        }
    }
}
