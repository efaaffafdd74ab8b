using System.Collections.Concurrent;
using LatentSync.Kernels;

namespace LatentSync.Pipeline.Host;

/// <summary>Aligned faces' pictures, R x R, reused. Holds as many as were out at the same time.</summary>
internal sealed class FaceImagePool(int resolution)
{
    private readonly ConcurrentBag<RgbImage> _free = [];

    /// <summary>A picture with undefined pixels.</summary>
    public RgbImage Rent() => _free.TryTake(out RgbImage? image) ? image : new RgbImage(resolution, resolution);

    /// <summary>Takes a picture back that nobody looks at any more.</summary>
    public void Return(RgbImage image) => _free.Add(image);
}
