using System.Buffers;
using System.Runtime.InteropServices;

namespace LatentSync.Models.Checkpoints.Torch;

/// <summary>
/// Reads any stretch of a view in row-major order. A contiguous view is read straight into the destination. Of any other the
/// stretch is cut into boxes, and each box is gathered in the order in which its elements lie in the file, through one window:
/// so a transposed matrix costs neither a window per element nor the whole matrix in memory.
/// </summary>
internal static class StridedReader
{
    private const int WindowInBytes = 1 << 20;

    // Where less than this share of a box's span is wanted, each run is read by itself instead of everything between.
    private const int SparseBelowOneIn = 16;

    public static void Read(FileStream stream, TensorView view, long first, Span<byte> destination)
    {
        if (destination.IsEmpty)
        {
            return;
        }

        if (view.IsContiguous)
        {
            CheckpointFile.ReadExactly(stream, view.ByteOffset + (first * view.ElementSize), destination);
            return;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(WindowInBytes);
        try
        {
            Window window = new(stream, view, buffer);
            Cut(ref window, 0, 0, first, destination);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Cuts a row-major stretch of the axes from <paramref name="axis"/> on into a head, a box of whole rows, and a tail.</summary>
    private static void Cut(ref Window window, int axis, long source, long first, Span<byte> destination)
    {
        ReadOnlySpan<TensorView.Axis> axes = window.View.Axes;
        int size = window.View.ElementSize;
        long row = 1;
        foreach (TensorView.Axis inner in axes[(axis + 1)..])
        {
            row *= inner.Extent;
        }

        long index = Math.DivRem(first, row, out long within);
        if (within != 0)
        {
            long head = Math.Min(row - within, destination.Length / size);
            Cut(ref window, axis + 1, source + (index * axes[axis].Stride), within, destination[..(int)(head * size)]);
            destination = destination[(int)(head * size)..];
            index++;
        }

        long rows = destination.Length / size / row;
        if (rows > 0)
        {
            Gather(ref window, axis, rows, source + (index * axes[axis].Stride), destination);
            destination = destination[(int)(rows * row * size)..];
            index += rows;
        }

        if (!destination.IsEmpty)
        {
            Cut(ref window, axis + 1, source + (index * axes[axis].Stride), 0, destination);
        }
    }

    private static void Gather(ref Window window, int axis, long rows, long source, Span<byte> destination)
    {
        ReadOnlySpan<TensorView.Axis> axes = window.View.Axes.AsSpan(axis);
        BoxAxis[] box = new BoxAxis[axes.Length];
        long count = 1, span = 1;
        for (int i = axes.Length - 1; i >= 0; i--)
        {
            long extent = i == 0 ? rows : axes[i].Extent;
            box[i] = new BoxAxis(extent, axes[i].Stride, count);
            count *= extent;
            span += (extent - 1) * axes[i].Stride;
        }

        // In the file's order: the axis of the smallest step innermost.
        Array.Sort(box, (a, b) => b.SourceStride.CompareTo(a.SourceStride));
        window.BeginBox(source + span, dense: count >= span / SparseBelowOneIn);
        BoxAxis run = box[^1];
        long[] position = new long[box.Length - 1];
        long target = 0;
        while (true)
        {
            window.CopyRun(source, run, target, destination);
            int i = position.Length - 1;
            for (; i >= 0; i--)
            {
                source += box[i].SourceStride;
                target += box[i].TargetStride;
                if (++position[i] < box[i].Extent)
                {
                    break;
                }

                source -= box[i].Extent * box[i].SourceStride;
                target -= box[i].Extent * box[i].TargetStride;
                position[i] = 0;
            }

            if (i < 0)
            {
                return;
            }
        }
    }

    private readonly record struct BoxAxis(long Extent, long SourceStride, long TargetStride);

    /// <summary>The part of the file that is in memory.</summary>
    private struct Window(FileStream stream, TensorView view, byte[] buffer)
    {
        private long _start;
        private long _end;
        private long _boxEnd;
        private bool _dense;

        public TensorView View { get; } = view;

        public void BeginBox(long end, bool dense) => (_boxEnd, _dense) = (end, dense);

        public void CopyRun(long source, BoxAxis run, long target, Span<byte> destination)
        {
            long capacity = WindowInBytes / View.ElementSize;
            long most = run.SourceStride == 0 ? run.Extent : Math.Max(1, ((capacity - 1) / run.SourceStride) + 1);

            // Elements far apart are not worth the bytes between them.
            most = run.SourceStride > SparseBelowOneIn && !_dense ? 1 : most;
            for (long done = 0; done < run.Extent; done += most)
            {
                long count = Math.Min(most, run.Extent - done);
                long from = source + (done * run.SourceStride);
                Load(from, from + ((count - 1) * run.SourceStride) + 1);
                ReadOnlySpan<byte> bytes = buffer.AsSpan((int)((from - _start) * View.ElementSize));
                Span<byte> to = destination[(int)((target + (done * run.TargetStride)) * View.ElementSize)..];
                switch (View.ElementSize)
                {
                    case 1:
                        Copy(bytes, run.SourceStride, to, run.TargetStride, (int)count);
                        break;
                    case 2:
                        Copy(MemoryMarshal.Cast<byte, ushort>(bytes), run.SourceStride, MemoryMarshal.Cast<byte, ushort>(to), run.TargetStride, (int)count);
                        break;
                    case 4:
                        Copy(MemoryMarshal.Cast<byte, uint>(bytes), run.SourceStride, MemoryMarshal.Cast<byte, uint>(to), run.TargetStride, (int)count);
                        break;
                    default:
                        Copy(MemoryMarshal.Cast<byte, ulong>(bytes), run.SourceStride, MemoryMarshal.Cast<byte, ulong>(to), run.TargetStride, (int)count);
                        break;
                }
            }
        }

        private void Load(long from, long end)
        {
            if (from >= _start && end <= _end)
            {
                return;
            }

            long length = _dense ? Math.Min(WindowInBytes / View.ElementSize, Math.Max(end, _boxEnd) - from) : end - from;
            CheckpointFile.ReadExactly(stream, View.ByteOffset + (from * View.ElementSize), buffer.AsSpan(0, (int)(length * View.ElementSize)));
            (_start, _end) = (from, from + length);
        }

        private static void Copy<T>(ReadOnlySpan<T> source, long sourceStride, Span<T> target, long targetStride, int count)
            where T : unmanaged
        {
            if (sourceStride == 1 && targetStride == 1)
            {
                source[..count].CopyTo(target);
                return;
            }

            for (int i = 0; i < count; i++)
            {
                target[(int)(i * targetStride)] = source[(int)(i * sourceStride)];
            }
        }
    }
}
