using System.Globalization;
using LatentSync.Denoising;
using LatentSync.Models.Configuration;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Denoising;

/// <summary>Every scheduler against diffusers' own samples, step by step.</summary>
public class SchedulerGoldenTests
{
    public static IEnumerable<object[]> Cases() => Goldens.Files("schedulers", "*.safetensors");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Step_FedReferenceSampleAndOutput_GivesReferenceNextSample(string name)
    {
        using GoldenFile golden = new(Goldens.Case("schedulers", name));
        string scheduler = SchedulerNames.FromDiffusersClass(golden.Metadata("scheduler"));
        Skip.IfNot(SchedulerFactory.Names.Contains(scheduler), $"the scheduler '{scheduler}' is not built in");
        SchedulerConfig config = SchedulerConfig.Parse(golden.Metadata("config"), name);
        int steps = int.Parse(golden.Metadata("steps"), CultureInfo.InvariantCulture);
        IScheduler subject = SchedulerFactory.Create(scheduler, config, steps);

        double[] timesteps = golden.ReadDoubles("timesteps");
        Assert.Equal(timesteps.Length, subject.Timesteps.Count);
        float[] samples = golden.Read("samples").Span.ToArray(), outputs = golden.Read("model_outputs").Span.ToArray(), inputs = golden.Read("model_inputs").Span.ToArray();
        int size = samples.Length / (timesteps.Length + 1);
        float[] scaled = new float[size];
        subject.Reset();
        for (int step = 0; step < timesteps.Length; step++)
        {
            Assert.Equal(timesteps[step], subject.Timesteps[step], 1e-3);
            float[] sample = samples[(step * size)..((step + 1) * size)];
            subject.ScaleModelInput(step, sample, scaled);
            AssertClose(inputs.AsSpan(step * size, size), scaled, $"{name}: model input of step {step}");
            subject.Step(step, outputs.AsSpan(step * size, size), sample);
            AssertClose(samples.AsSpan((step + 1) * size, size), sample, $"{name}: sample after step {step}");
        }
    }

    // 1e-5 of the largest value: a few float32 roundings (6e-8 each) of coefficients and sums; a wrong coefficient is off by 1e-3 and more.
    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        float largest = 0, worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            worst = Math.Max(worst, Math.Abs(expected[i] - actual[i]));
        }

        Assert.True(worst <= 1e-5f * largest, $"{what}: max abs error {worst:g4}, largest value {largest:g4}");
    }
}
