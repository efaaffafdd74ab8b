using System.Numerics.Tensors;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline;

/// <summary>Whole jobs against the original's: latents, and frames as they are handed to the encoder.</summary>
public class PipelineGoldenTests
{
    // Float32 sums in another order, twenty steps deep: the references' own two-thread runs agree to about this.
    private const double LeastCosine = 0.99999;

    // 46 dB is a root mean square error of 1.3 grey levels: truncation to bytes and the order of sums, nothing that an eye could see.
    private const double LeastPsnr = 46;

    // A landmark that rounds the other way moves a frame's crop by a fraction of a pixel, and the smoothing carries it on for a few frames.
    private const double LeastPsnrWithOwnDetection = 32;

    // What a synced frame must gain over the unsynced input, so that passing frames through cannot pass.
    private const double LeastGain = 6;

    public static IEnumerable<object[]> Cases() => Goldens.Folders("pipeline", "trace.safetensors");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public async Task RunAsync_TraceMatrices_GivesReferenceLatentsAndFrames(string name)
    {
        using PipelineCase job = PipelineCase.Open(Goldens.Case("pipeline", name));
        PipelineRecorder recorder = await job.RunAsync(withTraceMatrices: true);

        Assert.Equal(job.LatentFrameCount, recorder.Latents.Count);
        for (int i = 0; i < recorder.Latents.Count; i++)
        {
            double cosine = TensorPrimitives.CosineSimilarity(job.ReferenceLatents(i), recorder.Latents[i]);
            Assert.True(cosine >= LeastCosine, $"{name}: latents of frame {i}: cosine {cosine:0.0000000}");
        }

        Assert.All(job.Compare(recorder), frame =>
            Assert.True(frame.Synced >= LeastPsnr, $"{name}: frame {frame.Index}: {frame.Synced:0.0} dB"));
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public async Task RunAsync_OwnDetection_StaysCloseToReferenceFrames(string name)
    {
        using PipelineCase job = PipelineCase.Open(Goldens.Case("pipeline", name));
        PipelineRecorder recorder = await job.RunAsync(withTraceMatrices: false);

        List<FrameComparison> frames = job.Compare(recorder);
        double median = frames.Select(frame => frame.Synced).Order().ElementAt(frames.Count / 2);
        Assert.True(median >= LeastPsnr, $"{name}: median {median:0.0} dB");
        Assert.All(frames, frame =>
        {
            Assert.True(frame.Synced >= LeastPsnrWithOwnDetection, $"{name}: frame {frame.Index}: {frame.Synced:0.0} dB");
            Assert.True(frame.Synced >= frame.Unsynced + LeastGain, $"{name}: frame {frame.Index}: {frame.Synced:0.0} dB, the unsynced input {frame.Unsynced:0.0} dB");
        });
    }
}
