using System.Globalization;
using LatentSync.Pipeline;
using LatentSync.Pipeline.Avatars;

namespace LatentSync.Cli.Output;

/// <summary>Prints what an avatar is.</summary>
internal static class AvatarPrinter
{
    private const double BytesPerMegabyte = 1e6;
    private const double BytesPerKilobyte = 1e3;

    public static void Print(AvatarReport report, bool json)
    {
        foreach (string warning in report.Warnings)
        {
            Console.Error.WriteLine($"warning: {warning}");
        }

        if (json)
        {
            JsonLines.Write(Describe(report.Path, report.SizeInBytes, report.Info, report.MissingFaces, report));
            return;
        }

        string what = report.IsReused ? "there already, same contents" : string.Create(CultureInfo.InvariantCulture, $"{report.Elapsed.TotalSeconds:0.0} s");
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{report.Path}: {report.Info.FrameCount} frames, {report.Info.FaceCount} with a face, {report.SizeInBytes / BytesPerMegabyte:0.0} MB ({what})"));
        PrintMissing(report.MissingFaces);
    }

    public static void Print(AvatarFile file, bool json)
    {
        AvatarInfo info = file.Info;
        AvatarIdentity identity = info.Identity;
        if (json)
        {
            JsonLines.Write(Describe(file.Path, file.SizeInBytes, info, file.MissingFaces, null));
            return;
        }

        string part = identity.Duration is { } duration ? $", at most {duration}" : string.Empty;
        (string Name, string Value)[] lines =
        [
            ("file", string.Create(CultureInfo.InvariantCulture, $"{file.Path}, {file.SizeInBytes / BytesPerMegabyte:0.0} MB, intact")),
            ("key", identity.Key),
            ("video", $"{info.VideoPath}, {info.Width}x{info.Height}"),
            ("", string.Create(CultureInfo.InvariantCulture, $"{identity.VideoSizeInBytes} bytes, SHA-256 {identity.VideoSha256}")),
            ("video part", $"from {identity.Start}{part}, at {identity.FrameRate} fps, faces detected every {identity.DetectEvery} frame(s)"),
            ("frames", $"{info.FrameCount}, of which {info.FaceCount} with a face"),
            ("faces", string.Create(CultureInfo.InvariantCulture, $"{identity.Resolution} px, {identity.LatentChannels} latent channels, {file.RecordSizeInBytes / BytesPerKilobyte:0.0} kB each")),
            ("networks", $"{identity.Detector}, {identity.Landmarks}, {identity.VaeEncoder}"),
            ("created by", $"{info.CreatedBy}, {info.Backend}"),
        ];
        foreach ((string name, string value) in lines)
        {
            Console.Out.WriteLine($"{name,-12} {value}");
        }

        PrintMissing(file.MissingFaces);
    }

    private static void PrintMissing(IReadOnlyList<MissingFace> missing)
    {
        foreach (string line in MissingFaceLines.Of(missing))
        {
            Console.Out.WriteLine($"no face in   {line}");
        }
    }

    private static object Describe(string path, long sizeInBytes, AvatarInfo info, IReadOnlyList<MissingFace> missing, AvatarReport? made) => new
    {
        @event = made is null ? "avatar" : "result",
        path,
        key = info.Identity.Key,
        sizeInBytes,
        reused = made?.IsReused,
        seconds = made is null ? (double?)null : Math.Round(made.Elapsed.TotalSeconds, 3),
        info,
        missingFaces = missing.Select(m => new { frame = m.FrameIndex, reason = m.Reason }),
        warnings = made?.Warnings,
    };
}
