using System.Globalization;
using System.Text.Json.Nodes;
using FFMpegCore;
using LatentSync.Runtime;

namespace LatentSync.Video;

/// <summary>
/// Turns ffprobe's answer into descriptions; every field may be absent or odd, for the file decides what is in it. Read from FFMpegCore's raw
/// strings: its own figures make frame rates floating-point numbers.
/// </summary>
internal static class ProbeParser
{
    private const int MaximumSide = 16384; // beyond it one RGB frame no longer fits an array

    public static VideoInfo ToVideo(string path, FFProbeAnalysis root)
    {
        string shown = MediaPath.Show(path);
        List<FFProbeStream> streams = [.. Streams(root, "video").Where(s => !IsPicture(s))];
        bool hasAudio = Streams(root, "audio").Any();
        if (streams.Count == 0)
        {
            string found = hasAudio ? "has only audio" : "has no video stream";
            throw new LatentSyncException(LatentSyncError.Media, $"'{shown}' {found}: give a file with a picture");
        }

        FFProbeStream stream = streams.Find(s => Flag(s, "default")) ?? streams[0];
        int width = stream.Width ?? 0;
        int height = stream.Height ?? 0;
        if (width is < 1 or > MaximumSide || height is < 1 or > MaximumSide)
        {
            throw new LatentSyncException(
                LatentSyncError.Media, $"'{shown}' has a picture of {width}x{height} pixels, which cannot be read (1 to {MaximumSide} a side): give another video");
        }

        int rotation = Rotation(stream);
        bool turned = rotation is 90 or 270;
        Rational shape = Ratio(stream.SampleAspectRatio) is { IsPositive: true } s ? s : Rational.One;
        Rational average = Ratio(stream.AvgFrameRate);
        return new VideoInfo
        {
            Path = path,
            Format = root.Format.FormatName ?? "?",
            Codec = stream.CodecName ?? "?",
            StreamIndex = stream.Index,
            CodedWidth = width,
            CodedHeight = height,
            Width = turned ? height : width,
            Height = turned ? width : height,
            RotationDegrees = rotation,
            SampleAspectRatio = turned ? shape.Inverse : shape,
            FrameRate = average.IsPositive ? average : Ratio(stream.FrameRate),
            Duration = Duration(stream, root),
            StartOffset = StartOffset(stream, root),
            PixelFormat = stream.PixelFormat ?? "?",
            Color = new VideoColor(
                Tag(stream.ColorRange), Tag(stream.ColorSpace), Tag(stream.ColorPrimaries), Tag(stream.ColorTransfer)),
            HasAudio = hasAudio,
        };
    }

    public static AudioInfo ToAudio(string path, FFProbeAnalysis root)
    {
        FFProbeStream? stream = Streams(root, "audio").FirstOrDefault();
        int rate = ParseInt(stream?.SampleRate);
        int channels = stream?.Channels ?? 0;
        if (stream is null || rate <= 0 || channels <= 0)
        {
            string found = Streams(root, "video").Any() ? "has no sound" : "has no audio stream";
            throw new LatentSyncException(LatentSyncError.Media, $"'{MediaPath.Show(path)}' {found}: give a recording of speech");
        }

        return new AudioInfo
        {
            Path = path,
            Format = root.Format.FormatName ?? "?",
            Codec = stream.CodecName ?? "?",
            SampleRate = rate,
            Channels = channels,
            Duration = Duration(stream, root),
        };
    }

    private static IEnumerable<FFProbeStream> Streams(FFProbeAnalysis root, string type) => (root.Streams ?? []).Where(s => s.CodecType == type);

    /// <summary>Cover art and thumbnails are stored as one-frame video streams.</summary>
    private static bool IsPicture(FFProbeStream stream) => Flag(stream, "attached_pic") || Flag(stream, "timed_thumbnails");

    private static bool Flag(FFProbeStream stream, string name) =>
        stream.Disposition is { } flags && flags.TryGetValue(name, out int flag) && flag != 0;

    /// <summary>Clockwise degrees; ffmpeg turns by quarters when it is within a degree of one, and keeps the frame's size otherwise.</summary>
    private static int Rotation(FFProbeStream stream)
    {
        foreach (IReadOnlyDictionary<string, JsonValue> data in stream.SideData ?? [])
        {
            if (data.TryGetValue("rotation", out JsonValue? value) && value is not null && value.TryGetValue(out double degrees))
            {
                double clockwise = -degrees % 360;
                clockwise = clockwise < 0 ? clockwise + 360 : clockwise;
                double quarter = Math.Round(clockwise / 90) * 90;
                return (int)(Math.Abs(clockwise - quarter) < 1 ? quarter : Math.Round(clockwise)) % 360;
            }
        }

        return 0;
    }

    /// <summary>The stream's own length, else Matroska's tag, else the whole file's.</summary>
    private static TimeSpan? Duration(FFProbeStream stream, FFProbeAnalysis root)
    {
        string? tag = stream.Tags is { } tags ? tags.GetValueOrDefault("DURATION") : null;
        return Seconds(stream.Duration) ?? Clock(tag) ?? Seconds(root.Format.Duration);
    }

    private static TimeSpan StartOffset(FFProbeStream stream, FFProbeAnalysis root) =>
        Number(stream.StartTime) is { } first && Number(root.Format.StartTime) is { } start && first > start
            ? TimeSpan.FromSeconds(first - start)
            : TimeSpan.Zero;

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && Math.Abs(value) < 1e9 ? value : null;

    private static TimeSpan? Seconds(string? text) =>
        Number(text) is { } value and > 0
            ? TimeSpan.FromSeconds(value)
            : null;

    private static TimeSpan? Clock(string? text)
    {
        string[] parts = text?.Split(':') ?? [];
        return parts.Length == 3 && ParseInt(parts[0]) is var hours and < 100_000 && ParseInt(parts[1]) is var minutes && Seconds(parts[2]) is { } rest
            ? TimeSpan.FromHours(hours) + TimeSpan.FromMinutes(minutes) + rest
            : null;
    }

    private static string? Tag(string? value) => value is null or "" or "unknown" or "unspecified" or "reserved" or "N/A" ? null : value;

    private static int ParseInt(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0;

    private static Rational Ratio(string? text) => Rational.TryParse(text, out Rational value) ? value : default;
}
