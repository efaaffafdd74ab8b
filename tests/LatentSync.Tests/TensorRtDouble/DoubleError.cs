using System.Text;

namespace LatentSync.Tests.TensorRtDouble;

/// <summary><c>lsrt_double_error</c> of tests/native/doubles/nvinfer_double.h.</summary>
internal readonly unsafe struct DoubleError
{
#pragma warning disable CS0649 // the double fills them in
    private readonly byte* _text;
    private readonly int _capacity;
#pragma warning restore CS0649

    public void Set(string message)
    {
        Span<byte> text = new(_text, _capacity);
        text.Clear();
        Encoding.UTF8.TryGetBytes(message, text[..^1], out _);
    }
}
