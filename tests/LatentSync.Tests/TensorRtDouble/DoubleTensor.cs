using System.Text;

namespace LatentSync.Tests.TensorRtDouble;

/// <summary><c>lsrt_double_tensor</c> of tests/native/doubles/nvinfer_double.h.</summary>
internal unsafe struct DoubleTensor
{
    private const int NameSize = 256;

    private fixed byte _name[NameSize];
    private fixed long _extents[8];
    private int _rank;
    private int _elementType;
    private int _isInput;
    private int _reserved;

    /// <summary>A tensor of float32 elements, the only ones that the pipeline's networks take and give.</summary>
    public DoubleTensor(string name, IReadOnlyList<long> shape, bool isInput)
    {
        const int Float32 = 1;
        fixed (byte* bytes = _name)
        {
            Encoding.UTF8.GetBytes(name, new Span<byte>(bytes, NameSize - 1));
        }

        (_elementType, _isInput, _reserved) = (Float32, isInput ? 1 : 0, 0);
        Shape = [.. shape];
    }

    public readonly bool IsInput => _isInput != 0;

    public string Name
    {
        get
        {
            fixed (byte* bytes = _name)
            {
                ReadOnlySpan<byte> name = new(bytes, NameSize);
                return Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]);
            }
        }
    }

    public long[] Shape
    {
        get
        {
            fixed (long* extents = _extents)
            {
                return new ReadOnlySpan<long>(extents, _rank).ToArray();
            }
        }

        set
        {
            fixed (long* extents = _extents)
            {
                value.CopyTo(new Span<long>(extents, 8));
            }

            _rank = value.Length;
        }
    }
}
