using System.Text.Json;
using LatentSync.Kernels;
using LatentSync.Runtime;

namespace LatentSync.Latents;

/// <summary>
/// The fixed mask of the mouth region: drawn at 256 x 256, resized to R with Lanczos-4 as bytes (0 and 255, saturating) and divided by 255.
/// </summary>
public sealed class MouthMask
{
    private const string Resource = "mask-spans.json";
    private const byte Kept = 255;

    /// <summary>Pixels of the face that one latent stands for, on either axis.</summary>
    private const int LatentScale = 8;

    private readonly float[] _pixels;

    /// <summary>Makes the mask.</summary>
    /// <param name="resolution">Face resolution R in pixels: a multiple of 8, at least 8.</param>
    /// <exception cref="LatentSyncException">The resolution is no multiple of 8.</exception>
    public MouthMask(int resolution)
    {
        if (resolution < LatentScale || resolution % LatentScale != 0)
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"a face resolution of {resolution} px does not work: give a multiple of {LatentScale}, for instance 256");
        }

        Resolution = resolution;
        RgbImage mask = new(resolution, resolution);
        new SimdKernels().ResizeLanczos4(Draw(), mask);
        _pixels = new float[resolution * resolution];
        for (int i = 0; i < _pixels.Length; i++)
        {
            _pixels[i] = mask.Span[i * 3] / 255f;
        }

        int size = resolution / LatentScale;
        Latent = Tensor.Zeros(size, size);
        for (int i = 0; i < size * size; i++)
        {
            // Nearest neighbour as PyTorch computes it: floor(index * scale), the first pixel of each cell.
            Latent.Span[i] = _pixels[(i / size * LatentScale * resolution) + (i % size * LatentScale)];
        }
    }

    /// <summary>Face resolution R in pixels.</summary>
    public int Resolution { get; }

    /// <summary>The mask over the face's pixels, <c>[R,R]</c>, 0..1: 1 = keep, 0 = regenerate.</summary>
    public ReadOnlySpan<float> Pixels => _pixels;

    /// <summary>The mask over the latents, <c>[R/8,R/8]</c>, 0..1: nearest neighbour of <see cref="Pixels"/>.</summary>
    public Tensor Latent { get; }

    private static RgbImage Draw()
    {
        using Stream stream = typeof(MouthMask).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"the assembly lacks its resource {Resource}");
        using JsonDocument document = JsonDocument.Parse(stream);
        JsonElement root = document.RootElement;
        int size = root.GetProperty("size").GetInt32();
        RgbImage mask = new(size, size);
        mask.Span.Fill(Kept);

        // A row of the table: [first row, last row, [[first column, last column], ...]], all inclusive.
        foreach (JsonElement entry in root.GetProperty("rows").EnumerateArray())
        {
            for (int y = entry[0].GetInt32(); y <= entry[1].GetInt32(); y++)
            {
                foreach (JsonElement span in entry[2].EnumerateArray())
                {
                    int first = span[0].GetInt32(), last = span[1].GetInt32();
                    mask.Span.Slice(((y * size) + first) * 3, (last - first + 1) * 3).Clear();
                }
            }
        }

        return mask;
    }
}
