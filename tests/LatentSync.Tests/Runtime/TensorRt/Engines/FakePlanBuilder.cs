using System.Text;
using LatentSync.Runtime.Exceptions;
using LatentSync.Runtime.TensorRt;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Tests.Runtime.TensorRt.Engines;

/// <summary>Makes plans of texts. Its timing caches are texts too; one that holds "bad" is refused.</summary>
internal sealed class FakePlanBuilder : IPlanBuilder
{
    public EngineTarget Target { get; set; } = EngineCase.Target;

    public int Builds { get; private set; }

    public List<PlanRequest> Requests { get; } = [];

    /// <summary>Called while a plan is built.</summary>
    public Action? OnBuild { get; set; }

    /// <summary>Called while a plan is read.</summary>
    public Action? OnRead { get; set; }

    /// <summary>Called while timing caches are merged.</summary>
    public Action? OnMerge { get; set; }

    public BuiltPlan Build(PlanRequest request, IProgress<EngineBuildStep>? progress, Action<EngineLogLine>? log, CancellationToken cancellationToken)
    {
        string timing = Encoding.UTF8.GetString(request.TimingCache.Span);
        if (timing.Contains("bad", StringComparison.Ordinal))
        {
            throw new PlanRefusedException("the timing cache does not fit");
        }

        Builds++;
        Requests.Add(request);
        progress?.Report(new EngineBuildStep("phase", 0, 1, 2));
        OnBuild?.Invoke();
        cancellationToken.ThrowIfCancellationRequested();
        return new BuiltPlan(new Plan($"built {File.ReadAllText(request.ModelPath)}", OnRead), Encoding.UTF8.GetBytes($"{timing}{Builds};"));
    }

    public Stream Refit(string enginePath, string modelPath, Action<EngineLogLine>? log, CancellationToken cancellationToken) =>
        new Plan($"refitted {File.ReadAllText(modelPath)}", OnRead);

    public byte[] MergeTimingCaches(byte[] first, byte[] second)
    {
        OnMerge?.Invoke();
        return first.AsSpan().IndexOf("bad"u8) >= 0 ? throw new PlanRefusedException("the timing cache does not fit") : [.. first, .. second];
    }

    /// <summary>The bytes, in two reads.</summary>
    private sealed class Plan(string text, Action? onRead) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            if (Position > 0)
            {
                onRead?.Invoke();
            }

            return base.Read(buffer, offset, Math.Min(count, Math.Max(1, text.Length / 2)));
        }

        public override int Read(Span<byte> buffer)
        {
            byte[] bytes = new byte[buffer.Length];
            int read = Read(bytes, 0, bytes.Length);
            bytes.AsSpan(0, read).CopyTo(buffer);
            return read;
        }
    }
}
