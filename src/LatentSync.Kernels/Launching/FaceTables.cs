using System.Runtime.InteropServices;
using LatentSync.Runtime;

namespace LatentSync.Kernels.Launching;

/// <summary>
/// Everything constant that cutting out and putting back faces of one size in frames of one size needs on the device: the taps of both resizes and the
/// weights of every blur that can occur. One block of bytes, to be uploaded once.
/// </summary>
public sealed class FaceTables
{
    private readonly Lanczos4Taps _lanczosColumns, _lanczosRows;
    private readonly BicubicTaps _bicubicColumns, _bicubicRows;
    private readonly int _widestEdge;

    /// <summary>Works out the tables.</summary>
    /// <param name="resolution">Face resolution R in pixels.</param>
    /// <param name="frameWidth">Width of the frames in pixels.</param>
    /// <param name="frameHeight">Height of the frames in pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">The resolution is below 8, or the frame is empty.</exception>
    public FaceTables(int resolution, int frameWidth, int frameHeight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(frameHeight, 1);
        (Resolution, FrameWidth, FrameHeight) = (resolution, frameWidth, frameHeight);
        (CropWidth, CropHeight) = (CropSize.Width(resolution), CropSize.Height(resolution));
        (_lanczosColumns, _lanczosRows) = (new(CropWidth, resolution), new(CropHeight, resolution));
        (_bicubicColumns, _bicubicRows) = (new(resolution, CropWidth), new(resolution, CropHeight));
        _widestEdge = SoftMaskPlan.EdgeWidthOf((double)frameWidth * frameHeight);
        SizeInBytes = (int)Place(default).Length;
    }

    /// <summary>Face resolution R in pixels.</summary>
    public int Resolution { get; }

    /// <summary>Width of the frames in pixels.</summary>
    public int FrameWidth { get; }

    /// <summary>Height of the frames in pixels.</summary>
    public int FrameHeight { get; }

    /// <summary>Width of the crop between frame and face in pixels.</summary>
    public int CropWidth { get; }

    /// <summary>Height of the crop between frame and face in pixels.</summary>
    public int CropHeight { get; }

    /// <summary>Bytes of all tables.</summary>
    public int SizeInBytes { get; }

    /// <summary>Writes the tables as they are to lie on the device.</summary>
    /// <param name="destination">Receives <see cref="SizeInBytes"/> bytes.</param>
    /// <exception cref="ArgumentException">There is too little room.</exception>
    public void WriteTo(Span<byte> destination)
    {
        if (destination.Length < SizeInBytes)
        {
            throw new ArgumentException($"the tables take {SizeInBytes} bytes, there is room for {destination.Length}", nameof(destination));
        }

        // Addresses counted from 0 are offsets.
        FaceTableViews at = Place(default);
        Copy(_lanczosColumns.Starts, at.LanczosColumns.Starts, destination);
        Copy(_lanczosColumns.Weights, at.LanczosColumns.Weights, destination);
        Copy(_lanczosRows.Starts, at.LanczosRows.Starts, destination);
        Copy(_lanczosRows.Weights, at.LanczosRows.Weights, destination);
        Copy(_bicubicColumns.Starts, at.BicubicColumns.Starts, destination);
        Copy(_bicubicColumns.Weights, at.BicubicColumns.Weights, destination);
        Copy(_bicubicRows.Starts, at.BicubicRows.Starts, destination);
        Copy(_bicubicRows.Weights, at.BicubicRows.Weights, destination);
        Span<float> blurs = MemoryMarshal.Cast<byte, float>(destination.Slice((int)at.Blurs.Address, (int)at.Blurs.SizeInBytes));
        for (int radius = 0; radius <= _widestEdge; radius++)
        {
            BlurTaps.Write(radius, blurs[BlurTaps.Start(radius)..]);
        }
    }

    /// <summary>Where each table lies, once uploaded.</summary>
    internal FaceTableViews Place(ulong address)
    {
        DeviceArena arena = new(address);
        return new FaceTableViews
        {
            LanczosColumns = new(arena.Take<int>(_lanczosColumns.Starts.Length), arena.Take<short>(_lanczosColumns.Weights.Length), Lanczos4Taps.Count),
            LanczosRows = new(arena.Take<int>(_lanczosRows.Starts.Length), arena.Take<short>(_lanczosRows.Weights.Length), Lanczos4Taps.Count),
            BicubicColumns = new(arena.Take<int>(_bicubicColumns.Starts.Length), arena.Take<float>(_bicubicColumns.Weights.Length), _bicubicColumns.Count),
            BicubicRows = new(arena.Take<int>(_bicubicRows.Starts.Length), arena.Take<float>(_bicubicRows.Weights.Length), _bicubicRows.Count),
            Blurs = arena.Take<float>(BlurTaps.CountUpTo(_widestEdge)),
            Length = arena.Length,
        };
    }

    private static void Copy<T>(T[] values, DeviceView<T> to, Span<byte> destination)
        where T : unmanaged =>
        MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(destination[(int)to.Address..]);
}
