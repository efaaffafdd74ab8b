using LatentSync.Runtime;

namespace LatentSync.Kernels.Launching;

/// <summary>Where the tables of <see cref="FaceTables"/> lie on the device.</summary>
internal readonly record struct FaceTableViews
{
    /// <summary>Crop to face, across.</summary>
    public TapViews<short> LanczosColumns { get; init; }

    /// <summary>Crop to face, down.</summary>
    public TapViews<short> LanczosRows { get; init; }

    /// <summary>Face to crop, across.</summary>
    public TapViews<float> BicubicColumns { get; init; }

    /// <summary>Face to crop, down.</summary>
    public TapViews<float> BicubicRows { get; init; }

    /// <summary>See <see cref="BlurTaps"/>.</summary>
    public DeviceView<float> Blurs { get; init; }

    /// <summary>Bytes of all.</summary>
    public long Length { get; init; }

    /// <summary>The weights of a blur.</summary>
    public DeviceView<float> Blur(int radius) => Blurs.Slice(BlurTaps.Start(radius), radius + 1);
}
