using LatentSync.Compositing;
using LatentSync.Decoding;
using LatentSync.Kernels;
using LatentSync.Latents;
using LatentSync.Models.Packs;
using LatentSync.Pipeline.Host;
using LatentSync.Pipeline.Prepared;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Tests.Support;
using LatentSync.Video;

namespace LatentSync.Tests.Pipeline.Host;

/// <summary>What a frame allocates on its way through the stages once they are warm: next to nothing, whatever its size.</summary>
[Collection(Profiling.JobProfilerTests.Listeners)]
public class FrameAllocationTests
{
    private const int Resolution = 64, Warm = 16, Frames = 64;

    // Room for an object or two a frame. The smallest buffer on the way, a face of 64 px in bytes, is 12,288.
    private const long MostBytesAFrame = 256;

    private static readonly AffineTransform FrameToCrop = new(0.5, 0, -20, 0, 0.5, -10);
    private static readonly ModelPack Pack = ModelPack.Open(ImportedDemoPack.Path);

    [Fact]
    public void CutAndEncode_WarmFrames_AllocateNoBuffers()
    {
        using OnnxRuntimeEngine engine = Load(Pack.VaeEncoderPath);
        MouthMask mask = new(Resolution);
        FaceEncoder encoder = new(new VaeEncoder(engine, Pack.VaeScalingFactor, Pack.VaeShiftFactor), mask, Pack.Config.Model.OutChannels, new SimdKernels(), new NoPreparedFaces());
        FaceImagePool images = new(Resolution);
        using VideoFrame frame = Frame();
        float[] pixels = new float[encoder.Layout.FaceSize], masked = new float[encoder.Layout.LatentLength], reference = new float[encoder.Layout.LatentLength];
        AssertAllocatesLittle(() =>
        {
            RgbImage face = images.Rent();
            encoder.Cut(frame, FrameToCrop, face);
            encoder.Encode(0, face, pixels, masked, reference, CancellationToken.None);
            images.Return(face);
        });
    }

    [Fact]
    public void Decode_WarmFrames_AllocateNoBuffers()
    {
        using OnnxRuntimeEngine engine = Load(Pack.VaeDecoderPath);
        VaeDecoder decoder = new(engine, Pack.VaeScalingFactor, Pack.VaeShiftFactor);
        Tensor latents = Tensor.Zeros(1, Pack.Config.Model.OutChannels, Resolution / 8, Resolution / 8), pixels = Tensor.Zeros(1, 3, Resolution, Resolution);
        FaceBufferPool buffers = new();
        AssertAllocatesLittle(() =>
        {
            decoder.Decode(latents, pixels, CancellationToken.None);
            using FaceBuffer face = buffers.Rent(pixels.Length);
            pixels.Span.CopyTo(face.Values.Span);
        });
    }

    [Fact]
    public void Composite_WarmFrames_AllocateNoBuffers()
    {
        FaceCompositor compositor = new(Resolution);
        using VideoFrame frame = Frame();
        float[] face = new float[3 * Resolution * Resolution];
        AssertAllocatesLittle(() => compositor.Composite(frame.Image, FrameToCrop, face));
    }

    [Fact]
    public void FramePool_WarmFrames_AllocateNoBuffers()
    {
        FramePool pool = new(320, 240);
        AssertAllocatesLittle(() => pool.Rent(0, 0).Dispose());
    }

    private static void AssertAllocatesLittle(Action frame)
    {
        for (int i = 0; i < Warm; i++)
        {
            frame();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Frames; i++)
        {
            frame();
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Frames, 0, MostBytesAFrame);
    }

    private static VideoFrame Frame() => new FramePool(320, 240).Rent(0, 0);

    private static OnnxRuntimeEngine Load(string path) => OnnxRuntimeEngine.Load(path, new OnnxRuntimeOptions { IntraOpThreads = 1 });
}
