using LatentSync.Runtime;

namespace LatentSync.Tests.Kernels.Launching;

/// <summary>Keeps the latest launch; allocates nothing.</summary>
internal sealed class RecordingLauncher : IKernelLauncher
{
    private readonly byte[] _bytes = new byte[1024];
    private int _length;

    public int Count { get; private set; }

    public string Kernel { get; private set; } = string.Empty;

    public int Extent { get; private set; }

    public ReadOnlySpan<byte> Parameters => _bytes.AsSpan(0, _length);

    public void Launch(string kernel, int extent, ReadOnlySpan<byte> parameters)
    {
        (Count, Kernel, Extent, _length) = (Count + 1, kernel, extent, parameters.Length);
        parameters.CopyTo(_bytes);
    }
}
