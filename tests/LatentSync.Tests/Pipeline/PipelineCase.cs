using System.Globalization;
using LatentSync.Compositing;
using LatentSync.Denoising;
using LatentSync.Kernels;
using LatentSync.Models.Configuration;
using LatentSync.Models.Packs;
using LatentSync.Pipeline;
using LatentSync.Runtime;
using LatentSync.Tests.Denoising;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline;

/// <summary>One whole-job reference: its settings, inputs, latents and frames.</summary>
internal sealed class PipelineCase : IDisposable
{
    private readonly string _folder;
    private readonly GoldenFile _trace;
    private readonly TemporaryFolder _outputFolder = new();
    private readonly Lazy<Tensor> _latents;

    private PipelineCase(string folder)
    {
        _folder = folder;
        _trace = new GoldenFile(Path.Combine(folder, "trace.safetensors"));
        _latents = new Lazy<Tensor>(() => _trace.Read("latents"));
    }

    public int LatentFrameCount => (int)_latents.Value.Shape[1];

    private string Clip => Path.Combine(Path.GetDirectoryName(_folder)!, _trace.Metadata("clip"));

    /// <summary>Opens a case; skips one whose sampler is not built in.</summary>
    public static PipelineCase Open(string folder)
    {
        using (GoldenFile trace = new(Path.Combine(folder, "trace.safetensors")))
        {
            string scheduler = trace.Metadata("scheduler");
            Skip.IfNot(SchedulerFactory.Names.Contains(scheduler), $"the scheduler '{scheduler}' is not built in");
        }

        return new PipelineCase(folder);
    }

    /// <summary>The reference's final latents of a frame, <c>[C,h,w]</c>, out of <c>[C,N,h,w]</c>.</summary>
    public float[] ReferenceLatents(int frame)
    {
        Tensor all = _latents.Value;
        int channels = (int)all.Shape[0], frames = (int)all.Shape[1], plane = (int)(all.Shape[2] * all.Shape[3]);
        float[] latents = new float[channels * plane];
        for (int c = 0; c < channels; c++)
        {
            all.Span.Slice(((c * frames) + frame) * plane, plane).CopyTo(latents.AsSpan(c * plane));
        }

        return latents;
    }

    public async Task<PipelineRecorder> RunAsync(bool withTraceMatrices)
    {
        PipelineRecorder recorder = new();
        LipSyncOptions options = new()
        {
            VideoPath = Clip,
            AudioPath = Path.Combine(Path.GetDirectoryName(_folder)!, _trace.Metadata("speech")),
            OutputPath = Path.Combine(_outputFolder.Path, "out.mp4"),
            Steps = int.Parse(_trace.Metadata("steps"), CultureInfo.InvariantCulture),
            GuidanceScale = double.Parse(_trace.Metadata("guidance"), CultureInfo.InvariantCulture),
            Scheduler = _trace.Metadata("scheduler"),
            CacheInterval = CacheInterval,
            Resolution = Resolution,
            InitialNoise = _trace.Read("noise"),
            FaceTransforms = withTraceMatrices ? Matrices() : null,
            UseFeatureCache = false,
            Observer = recorder,
        };
        using LipSyncPipeline pipeline = LipSyncPipeline.Load(await PackAsync());
        recorder.Report = await pipeline.RunAsync(options);
        return recorder;
    }

    /// <summary>Compares frame by frame, as far as both reach: the original's output is a frame or two longer than the speech.</summary>
    public List<FrameComparison> Compare(PipelineRecorder recorder)
    {
        List<byte[]> source = [.. Support.Clip.Frames(Clip).Select(frame => frame.Span.ToArray())];
        List<FrameComparison> comparisons = [];
        foreach (RgbImage expected in Support.Clip.Frames(Path.Combine(_folder, "frames.mkv")))
        {
            if (comparisons.Count == recorder.Frames.Count)
            {
                break;
            }

            (long index, long sourceIndex, byte[] pixels, AffineTransform? transform) = recorder.Frames[comparisons.Count];
            Assert.NotNull(transform);
            SoftMask mask = new FaceCompositor(Resolution).SoftMask(expected.Width, expected.Height, transform.Value);
            comparisons.Add(new FrameComparison(
                index,
                MaskedPsnr.Measure(expected, new RgbImage(expected.Width, expected.Height, pixels), mask),
                MaskedPsnr.Measure(expected, new RgbImage(expected.Width, expected.Height, source[(int)sourceIndex]), mask)));
        }

        Assert.Equal(recorder.Frames.Count, comparisons.Count);
        return comparisons;
    }

    public void Dispose()
    {
        _trace.Dispose();
        _outputFolder.Dispose();
    }

    /// <summary>The demo pack, or one of the same networks with the case's own scheduler configuration where that would not come from the demo pack's.</summary>
    private async Task<string> PackAsync()
    {
        string name = _trace.Metadata("scheduler"), className = SchedulerNames.ToDiffusersClass(name);
        if (_trace.OptionalMetadata("scheduler_config") is not { } config)
        {
            return ImportedDemoPack.Path;
        }

        string json = SchedulerNames.WithClass(config, className), file = Path.Combine(_outputFolder.Path, "scheduler_config.json");
        SchedulerConfig own = SchedulerConfig.Parse(json, file), packs = ModelPack.Open(ImportedDemoPack.Path).SchedulerConfig.ForClass(own.ClassName);
        if (own == (name == "dpmpp2m-karras" ? packs with { UseKarrasSigmas = true } : packs))
        {
            return ImportedDemoPack.Path;
        }

        File.WriteAllText(file, json);
        string pack = Path.Combine(_outputFolder.Path, "pack");
        if (!Directory.Exists(pack))
        {
            await ModelImporter.ImportAsync(Models.Packs.DemoImport.Options(pack) with { SchedulerConfigPath = file });
        }

        return pack;
    }

    // The original's helper is called with interval 3 and branch 0; a case may say other numbers.
    private int CacheInterval => _trace.OptionalMetadata("deepcache") switch
    {
        null => 1,
        string text when text.Equals("false", StringComparison.OrdinalIgnoreCase) => 1,
        string text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int interval) ? interval : 3,
    };

    // The latent side says the face's: eight pixels a latent.
    private int Resolution => 8 * (int)_latents.Value.Shape[3];

    private List<AffineTransform?> Matrices()
    {
        float[] m = _trace.Read("matrices").Span.ToArray();
        return [.. Enumerable.Range(0, m.Length / 6).Select(i => (AffineTransform?)new AffineTransform(m[6 * i], m[(6 * i) + 1], m[(6 * i) + 2], m[(6 * i) + 3], m[(6 * i) + 4], m[(6 * i) + 5]))];
    }
}
