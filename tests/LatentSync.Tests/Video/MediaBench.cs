using System.Diagnostics;
using System.Globalization;
using LatentSync.Kernels;
using LatentSync.Video;

namespace LatentSync.Tests.Video;

/// <summary>A temporary folder in which a test makes its clips with ffmpeg; gone afterwards.</summary>
public sealed class MediaBench : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("latentsync-video-").FullName;

    public string this[string name] => Path.Combine(Folder, name);

    public string[] Files => [.. Directory.GetFileSystemEntries(Folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    /// <summary>Runs ffmpeg in the folder and returns the path of the last argument.</summary>
    public string Make(params string[] arguments)
    {
        Run("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments]);
        return Path.GetFullPath(arguments[^1], Folder);
    }

    /// <summary>A moving test picture, stored as lossless RGB.</summary>
    public string MakeRgb(string name, int width, int height, int frames, string rate = "25") => Make(
        "-f", "lavfi", "-i", $"testsrc2=s={width}x{height}:r={rate}", "-frames:v", frames.ToString(CultureInfo.InvariantCulture),
        "-c:v", "libx264rgb", "-qp", "0", "-preset", "ultrafast", name);

    /// <summary>Fields of the first stream of a kind (<c>v</c> or <c>a</c>), separated by commas.</summary>
    public string Probe(string file, string kind, string fields) =>
        Run("ffprobe", ["-v", "error", "-select_streams", kind, "-show_entries", "stream=" + fields, "-of", "csv=p=0", "file:" + file]).Trim();

    public byte[] DecodeRgb(string file, params string[] filters)
    {
        string raw = Make(["-i", file, .. filters, "-pix_fmt", "rgb24", "-f", "rawvideo", "reference.rgb"]);
        byte[] bytes = File.ReadAllBytes(raw);
        File.Delete(raw);
        return bytes;
    }

    public string Run(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {errors.Result}");
        return output;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>All frames, one after the other, with their indices.</summary>
    public static async Task<(List<int> Sources, byte[] Pixels)> ReadAllAsync(IVideoSource source)
    {
        List<int> sources = [];
        using MemoryStream pixels = new();
        await foreach (VideoFrame frame in source.ReadFramesAsync())
        {
            using (frame)
            {
                Assert.Equal(sources.Count, frame.Index);
                sources.Add(frame.SourceIndex);
                pixels.Write(frame.Image.Span);
            }
        }

        return (sources, pixels.ToArray());
    }

    public static double Psnr(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        Assert.Equal(a.Length, b.Length);
        double squares = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double error = a[i] - b[i];
            squares += error * error;
        }

        return squares == 0 ? double.PositiveInfinity : 10 * Math.Log10(255.0 * 255 * a.Length / squares);
    }

    /// <summary>A smooth picture whose colours cover the cube's inside; moves with the index.</summary>
    public static RgbImage Gradient(int width, int height, int index)
    {
        RgbImage image = new(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                Span<byte> p = image.Span.Slice(((y * width) + x) * 3, 3);
                p[0] = (byte)(30 + (x * 190 / width));
                p[1] = (byte)(30 + (y * 190 / height));
                p[2] = (byte)(60 + ((x + y + (index * 2)) * 120 / (width + height + 100)));
            }
        }

        return image;
    }
}
