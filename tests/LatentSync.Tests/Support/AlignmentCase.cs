using LatentSync.Kernels;
using LatentSync.Runtime;

namespace LatentSync.Tests.Support;

/// <summary>One file of <c>goldens/alignment</c>: frames, matrices, crops, faces and put-back.</summary>
public sealed class AlignmentCase : IDisposable
{
    private readonly GoldenFile _file;
    private readonly byte[] _frames, _crops, _faces, _restored, _softMask;
    private readonly Tensor _synced;
    private readonly float[] _matrices;

    private AlignmentCase(GoldenFile file)
    {
        _file = file;
        Resolution = int.Parse(file.Metadata("resolution"), System.Globalization.CultureInfo.InvariantCulture);
        long[] frames = [.. file.Tensors["frames"].Shape], crops = [.. file.Tensors["crops"].Shape];
        (Count, Height, Width) = ((int)frames[0], (int)frames[1], (int)frames[2]);
        (CropHeight, CropWidth) = ((int)crops[1], (int)crops[2]);
        _frames = file.ReadBytes("frames");
        _crops = file.ReadBytes("crops");
        _faces = file.ReadBytes("faces");
        _restored = file.ReadBytes("restored");
        _softMask = file.ReadBytes("soft_mask");
        _synced = file.Read("synced");
        _matrices = file.Read("matrices").Span.ToArray();
    }

    public int Resolution { get; }

    public int Count { get; }

    public int Width { get; }

    public int Height { get; }

    public int CropWidth { get; }

    public int CropHeight { get; }

    /// <summary>The area's files that hold a sequence of frames; masks have nothing to align.</summary>
    public static IEnumerable<object[]> Names => Goldens.FilesWith("alignment", golden => golden.Has("landmarks3"));

    public static AlignmentCase Open(string name) => new(new GoldenFile(Goldens.Case("alignment", name)));

    public RgbImage Frame(int i) => new(Width, Height, Slice(_frames, i, Width * Height * 3));

    public RgbImage Crop(int i) => new(CropWidth, CropHeight, Slice(_crops, i, CropWidth * CropHeight * 3));

    public RgbImage Face(int i) => new(Resolution, Resolution, Slice(_faces, i, Resolution * Resolution * 3));

    public RgbImage Restored(int i) => new(Width, Height, Slice(_restored, i, Width * Height * 3));

    public byte[] SoftMask(int i) => Slice(_softMask, i, Width * Height);

    public float[] Synced(int i) => _synced.Span.Slice(i * 3 * Resolution * Resolution, 3 * Resolution * Resolution).ToArray();

    public AffineTransform Matrix(int i)
    {
        ReadOnlySpan<float> m = _matrices.AsSpan(i * 6, 6);
        return new AffineTransform(m[0], m[1], m[2], m[3], m[4], m[5]);
    }

    public void Dispose() => _file.Dispose();

    private static byte[] Slice(byte[] all, int i, int size) => all.AsSpan(i * size, size).ToArray();
}
