using LatentSync.Denoising;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Denoising;

/// <summary>Every scheduler against diffusers' own samples, step by step and from end to end.</summary>
public class SchedulerGoldenTests
{
    // Of the largest value before or after the step: a few float32 roundings (6e-8 each) of coefficients and sums; a wrong coefficient is off
    // by 1e-3 and more.
    private const float StepTolerance = 1e-5f;

    // Of the standard deviation, after all steps: roundings add up and the network passes them on. Samples that all end at one value have no
    // deviation to speak of, but still the roundings of that value.
    private const double RunTolerance = 2e-4;

    private const string OwnPrefix = "own/";

    private static readonly string OwnCases = Path.Combine(Goldens.RepositoryRoot, "tests", "data", "schedulers");

    /// <summary>The references, and settings that they leave out (tests/data/schedulers).</summary>
    public static IEnumerable<object[]> Cases() =>
    [
        .. Goldens.Files("schedulers", "*.safetensors"),
        .. Directory.GetFiles(OwnCases, "*.safetensors").Order(StringComparer.Ordinal).Select(path => new object[] { OwnPrefix + Path.GetFileName(path) }),
    ];

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Step_FedReferenceSampleAndOutput_GivesReferenceNextSample(string name)
    {
        SchedulerCase reference = Open(name);
        IScheduler subject = reference.Scheduler;
        Assert.Equal(reference.Timesteps.Length, subject.Timesteps.Count);
        Assert.Equal(reference.InitNoiseSigma, subject.InitNoiseSigma, 1e-6 * reference.InitNoiseSigma);
        float[] scaled = new float[reference.Sample(0).Length];

        subject.Reset();
        for (int step = 0; step < reference.Timesteps.Length; step++)
        {
            // Those of Karras spacing come from quotients of float32 logarithms; all others are exact.
            Assert.Equal(reference.Timesteps[step], subject.Timesteps[step], reference.Config.UseKarrasSigmas ? 1e-3 : 0);
            float[] sample = reference.Sample(step).ToArray();
            subject.ScaleModelInput(step, sample, scaled);
            AssertClose(reference.Input(step), scaled, [], $"{name}: model input of step {step}");
            subject.Step(step, reference.Output(step), sample);
            AssertClose(reference.Sample(step + 1), sample, reference.Sample(step), $"{name}: sample after step {step}");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Step_OnItsOwnSamples_EndsAtReferenceTwiceInARow(string name)
    {
        SchedulerCase reference = Open(name);
        Skip.IfNot(IsDrivenAsDescribed(reference), $"{name}: the outputs are not those of the set's README");

        float[] first = Run(reference), second = Run(reference);

        float[] expected = reference.Sample(reference.Timesteps.Length).ToArray();
        double tolerance = (RunTolerance * StandardDeviation(expected)) + (StepTolerance * expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], first[i], tolerance);
        }

        // A chunk leaves nothing behind for the next.
        Assert.Equal(first, second);
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void TryGetLinearStep_WhereItSaysSo_IsTheWholeStep(string name)
    {
        SchedulerCase reference = Open(name);
        for (int step = 0; step < reference.Timesteps.Length; step++)
        {
            if (!reference.Scheduler.TryGetLinearStep(step, out float sampleFactor, out float outputFactor))
            {
                continue;
            }

            float[] sample = reference.Sample(step).ToArray();
            for (int i = 0; i < sample.Length; i++)
            {
                sample[i] = (sampleFactor * sample[i]) + (outputFactor * reference.Output(step)[i]);
            }

            AssertClose(reference.Sample(step + 1), sample, reference.Sample(step), $"{name}: sample after step {step}");
        }
    }

    private static SchedulerCase Open(string name) => new(name.StartsWith(OwnPrefix, StringComparison.Ordinal)
        ? Path.Combine(OwnCases, name[OwnPrefix.Length..])
        : Goldens.Case("schedulers", name));

    private static float[] Run(SchedulerCase reference)
    {
        IScheduler subject = reference.Scheduler;
        float[] sample = reference.Sample(0).ToArray(), scaled = new float[sample.Length];
        subject.Reset();
        for (int step = 0; step < subject.Timesteps.Count; step++)
        {
            subject.ScaleModelInput(step, sample, scaled);
            subject.Step(step, [.. scaled.Select(x => Model(x, subject.Timesteps[step]))], sample);
        }

        return sample;
    }

    private static bool IsDrivenAsDescribed(SchedulerCase reference)
    {
        for (int step = 0; step < reference.Timesteps.Length; step++)
        {
            for (int i = 0; i < reference.Input(step).Length; i++)
            {
                if (Math.Abs(Model(reference.Input(step)[i], reference.Timesteps[step]) - reference.Output(step)[i]) > 1e-4)
                {
                    return false;
                }
            }
        }

        return true;
    }

    // The driving model of the references, see their README.
    private static float Model(float x, double timestep) => (float)((0.8 * x * Math.Cos(timestep / 500)) + (0.3 * Math.Sin((3 * x) + (timestep / 100))));

    private static double StandardDeviation(float[] values)
    {
        double mean = values.Average(value => (double)value);
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, ReadOnlySpan<float> before, string what)
    {
        float worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs(expected[i] - actual[i]));
        }

        float largest = Math.Max(Largest(expected), Largest(before));
        Assert.True(worst <= StepTolerance * largest, $"{what}: max abs error {worst:g4}, largest value {largest:g4}");
    }

    private static float Largest(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }
}
