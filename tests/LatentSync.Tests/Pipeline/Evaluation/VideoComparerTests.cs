using System.Globalization;
using System.Text.RegularExpressions;
using LatentSync.Pipeline.Evaluation;
using LatentSync.Runtime;
using LatentSync.Tests.Support;
using LatentSync.Tests.Video;

namespace LatentSync.Tests.Pipeline.Evaluation;

public sealed class VideoComparerTests : IDisposable
{
    private readonly MediaBench _bench = new();

    private static string Presenter => Path.Combine(Goldens.DemoPack, "media", "presenter.mp4");

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Compare_SameVideo_IsIdentical()
    {
        VideoComparison result = await VideoComparer.CompareAsync(Presenter, Presenter, ImportedDemoPack.Path);

        Assert.Equal((150, 640, 480), (result.FrameCount, result.Width, result.Height));
        Assert.Equal((double.PositiveInfinity, double.PositiveInfinity, -1, 1.0), (result.Psnr, result.LowestPsnr, result.LowestFrame, result.Ssim));
        Assert.NotNull(result.Face);
        Assert.Equal((150, double.PositiveInfinity, double.PositiveInfinity, 0.0), (result.Face.FrameCount, result.Face.Psnr, result.Face.MouthPsnr, result.Face.MouthFlicker));
        Assert.Empty(result.Notes);
    }

    /// <summary>
    /// PSNR: ffmpeg's filter on the same RGB, to the digits that it prints. SSIM: its filter takes flat 8 x 8 windows on every fourth pixel and rounded luma
    /// instead of a Gaussian, which on this clip moves the mean by less than 0.01 while the compression costs more than 0.01.
    /// </summary>
    [Fact]
    public async Task Compare_CompressedVideo_AgreesWithFfmpegsFilters()
    {
        string small = _bench.Make("-i", Presenter, "-frames:v", "20", "-c:v", "libx264rgb", "-qp", "0", "-preset", "ultrafast", "original.mkv");
        string worse = _bench.Make("-i", small, "-c:v", "libx264rgb", "-qp", "40", "-preset", "ultrafast", "worse.mkv");

        VideoComparison result = await VideoComparer.CompareAsync(worse, small);

        Assert.Equal(20, result.FrameCount);
        Assert.Null(result.Face);
        Assert.Equal(Filter("psnr", "format=gbrp", worse, small, "average"), result.Psnr, 1e-4);
        Assert.InRange(result.LowestPsnr, Filter("psnr", "format=gbrp", worse, small, "min") - 1e-4, Filter("psnr", "format=gbrp", worse, small, "min") + 1e-4);
        double ssim = Filter("ssim", "scale=out_range=full,format=gray", worse, small, "Y");
        Assert.InRange(1 - ssim, 0.01, 0.2);
        Assert.Equal(ssim, result.Ssim, 0.01);
    }

    [Fact]
    public async Task Compare_FaceOfACompressedVideo_IsMeasuredWhereTheReferenceHasIt()
    {
        // The mouth alone is spoilt in every second frame: it flickers, and its error is larger than the face's, the face's larger than the picture's.
        string reference = _bench.Make("-i", Presenter, "-frames:v", "8", "-c:v", "libx264rgb", "-qp", "0", "-preset", "ultrafast", "reference.mkv");
        string spoilt = _bench.Make(
            "-i", reference, "-vf", "drawbox=x=290:y=270:w=60:h=50:color=green:t=fill:enable='mod(n,2)'", "-c:v", "libx264rgb", "-qp", "0", "-preset", "ultrafast", "spoilt.mkv");

        VideoComparison result = await VideoComparer.CompareAsync(spoilt, reference, ImportedDemoPack.Path);

        Assert.NotNull(result.Face);
        Assert.Equal(8, result.Face.FrameCount);
        Assert.True(result.Face.MouthPsnr < result.Face.Psnr && result.Face.Psnr < result.Psnr, result.ToString());
        Assert.InRange(result.Face.MouthFlicker, 5, 255);
        Assert.Equal(1, result.Face.LowestFrame % 2);
    }

    [Fact]
    public async Task Compare_ReferenceWithoutFace_SaysSoAndLeavesFacesOut()
    {
        string clip = _bench.MakeRgb("clip.mkv", 320, 240, 3);

        VideoComparison result = await VideoComparer.CompareAsync(clip, clip, ImportedDemoPack.Path);

        Assert.Null(result.Face);
        Assert.Contains("no usable face in 3 of 3 frames", Assert.Single(result.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 3)]
    [InlineData(3, 5)]
    public async Task Compare_DifferentLengths_ComparesWhatBothHaveAndSaysSo(int first, int second)
    {
        string a = _bench.MakeRgb("a.mkv", 64, 48, first), b = _bench.MakeRgb("b.mkv", 64, 48, second);

        VideoComparison result = await VideoComparer.CompareAsync(a, b);

        Assert.Equal((3, double.PositiveInfinity), (result.FrameCount, result.Psnr));
        string note = Assert.Single(result.Notes);
        Assert.Contains(first > second ? "a.mkv" : "b.mkv", note, StringComparison.Ordinal);
        Assert.Contains("first 3 frames", note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_DifferentRates_ReadsAtTheReferencesAndSaysSo()
    {
        string fast = _bench.MakeRgb("fast.mkv", 64, 48, 20, "50"), slow = _bench.MakeRgb("slow.mkv", 64, 48, 10);

        VideoComparison result = await VideoComparer.CompareAsync(fast, slow);

        Assert.Equal(10, result.FrameCount);
        Assert.Contains(result.Notes, note => note.Contains("50 frames per second, the reference 25", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Compare_DifferentSizes_NamesBoth()
    {
        string a = _bench.MakeRgb("a.mkv", 64, 48, 1), b = _bench.MakeRgb("b.mkv", 48, 64, 1);

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => VideoComparer.CompareAsync(a, b));

        Assert.Equal(LatentSyncError.Media, error.Error);
        Assert.Contains("a.mkv' is 64x48", error.Message, StringComparison.Ordinal);
        Assert.Contains("b.mkv' 48x64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_TinyPictures_AreRefused()
    {
        string clip = _bench.MakeRgb("tiny.mkv", 8, 8, 1);

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => VideoComparer.CompareAsync(clip, clip));

        Assert.Contains("at least 11x11", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a video")]
    public async Task Compare_ReferenceThatIsNoVideo_NamesIt(string content)
    {
        File.WriteAllText(_bench["reference.mp4"], content);

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => VideoComparer.CompareAsync(Presenter, _bench["reference.mp4"]));

        Assert.Equal(LatentSyncError.Media, error.Error);
        Assert.Contains("reference.mp4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_WrongPack_NamesIt()
    {
        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => VideoComparer.CompareAsync(Presenter, Presenter, _bench.Folder));

        Assert.Equal(LatentSyncError.Model, error.Error);
    }

    [Fact]
    public async Task Compare_Cancelled_Stops() => await Assert.ThrowsAnyAsync<OperationCanceledException>(
        () => VideoComparer.CompareAsync(Presenter, Presenter, null, new CancellationToken(canceled: true)));

    private double Filter(string name, string format, string video, string reference, string field)
    {
        string log = _bench.Run("sh", ["-c", "ffmpeg -nostdin -i \"$1\" -i \"$2\" -lavfi \"[0]$3[a];[1]$3[b];[a][b]$4\" -f null - 2>&1", "sh", video, reference, format, name]);
        Match match = Regex.Match(log, $@"{name.ToUpperInvariant()} .*\b{field}:([0-9.]+)");
        Assert.True(match.Success, log);
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
