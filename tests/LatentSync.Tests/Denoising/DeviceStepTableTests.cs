using LatentSync.Denoising;
using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Kernels.Launching;
using LatentSync.Models.Configuration;
using LatentSync.Runtime;
using LatentSync.Tests.Kernels.Launching;

namespace LatentSync.Tests.Denoising;

/// <summary>Every sampler through its table and the device's kernels against the same sampler on the host, step by step.</summary>
public sealed class DeviceStepTableTests(DeviceStepTableTests.Fixture fixture) : IClassFixture<DeviceStepTableTests.Fixture>
{
    private const int Channels = 4, Frames = 3, Plane = 6, Length = Channels * Frames * Plane;

    // The network's input has more channels than the latents.
    private const int ItemLength = 13 * Frames * Plane;

    // Of the largest value: both sides do the same float32 operations, of which vector units may fuse some (a rounding is 6e-8).
    private const float Tolerance = 1e-6f;

    public static TheoryData<string, PredictionType, int, int> Cases
    {
        get
        {
            TheoryData<string, PredictionType, int, int> cases = [];
            foreach (string name in SchedulerFactory.Names)
            {
                cases.Add(name, PredictionType.Epsilon, 1, 1);
                cases.Add(name, PredictionType.Epsilon, 7, 2);
                cases.Add(name, PredictionType.VPrediction, 4, 2);
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Steps_OnTheDevice_AreThoseOfTheHost(string name, PredictionType type, int steps, int halves) =>
        AssertSameSteps(SchedulerConfig.Official with { PredictionType = type }, name, steps, halves);

    [Theory]
    [InlineData("ddim")]
    [InlineData("lcm")]
    public void Steps_WithClipping_AreThoseOfTheHost(string name) =>
        AssertSameSteps(Own(name) with { ClipSample = true, ClipSampleRange = 0.4 }, name, 5, 2);

    [Theory]
    [InlineData("dpmpp2m", 3)]
    [InlineData("unipc", 3)]
    public void Steps_OfTheHighestOrder_AreThoseOfTheHost(string name, int order) =>
        AssertSameSteps(Own(name) with { SolverOrder = order }, name, 9, 2);

    [Fact]
    public void TryGetDeviceTable_StepsThatReachBackTooFar_IsRefused() => Assert.False(
        Create(Own("unipc") with { SolverOrder = 4 }, "unipc", 9).TryGetDeviceTable(1, out _));

    [Fact]
    public void WriteNoise_SamplerWithoutNoiseOrOddLength_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => Table(Create(SchedulerConfig.Official, "ddim", 3), 1).WriteNoise(new float[3]));
        Assert.Throws<ArgumentException>(() => Table(Create(SchedulerConfig.Official, "lcm", 3), 1).WriteNoise(new float[Channels * Plane * 3 + 1]));
    }

    private void AssertSameSteps(SchedulerConfig config, string name, int steps, int halves)
    {
        const float Guidance = 1.7f;
        IScheduler scheduler = Create(config, name, steps);
        DeviceLoop device = new(fixture.Launcher, Table(scheduler, Guidance), halves);
        float[] noise = [.. Enumerable.Range(0, Channels * Plane).Select(i => MathF.Sin(i * 1.3f))], latents = new float[Length], scaled = new float[Length];

        // Twice: what the first chunk leaves behind must not reach the second.
        for (int chunk = 0; chunk < 2; chunk++)
        {
            device.Start(noise);
            for (int i = 0; i < Length; i++)
            {
                latents[i] = noise[(i / (Frames * Plane) * Plane) + (i % Plane)] * (float)scheduler.InitNoiseSigma;
            }

            scheduler.Reset();
            for (int step = 0; step < steps; step++)
            {
                scheduler.ScaleModelInput(step, latents, scaled);
                (float timestep, float[] sample) = device.Begin();
                Assert.Equal(scheduler.Timesteps[step], timestep);
                float[] output = new float[halves * Length];
                for (int half = 0; half < halves; half++)
                {
                    AssertClose(scaled, sample.AsSpan(half * ItemLength, Length), $"{name}: input of step {step}");
                    Assert.All(sample[((half * ItemLength) + Length)..((half + 1) * ItemLength)], value => Assert.Equal(DeviceLoop.Untouched, value));
                    for (int i = 0; i < Length; i++)
                    {
                        output[(half * Length) + i] = Network(scaled[i], timestep, half);
                    }
                }

                scheduler.Step(step, Guided(output, halves, Guidance), latents);
                AssertClose(latents, device.Step(output), $"{name}: chunk {chunk}, sample after step {step}");
            }
        }
    }

    private static float[] Guided(float[] output, int halves, float guidance) =>
        [.. Enumerable.Range(0, Length).Select(i => halves == 1 ? output[i] : output[i] + (guidance * (output[Length + i] - output[i])))];

    private static float Network(float x, float timestep, int half) => (0.8f * x * MathF.Cos(timestep / 500)) + (0.3f * MathF.Sin((3 * x) + half));

    private static DeviceStepTable Table(IScheduler scheduler, double guidance)
    {
        Assert.True(scheduler.TryGetDeviceTable(guidance, out DeviceStepTable? table));
        return table;
    }

    private static IScheduler Create(SchedulerConfig config, string name, int steps) =>
        SchedulerFactory.Create(name, config, steps, new FrameNoise(3, Channels, Plane));

    private static SchedulerConfig Own(string name) => SchedulerConfig.DefaultsOf(name switch
    {
        "ddim" => "DDIMScheduler",
        "lcm" => "LCMScheduler",
        "unipc" => "UniPCMultistepScheduler",
        _ => "DPMSolverMultistepScheduler",
    });

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        float worst = 0, largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(float.IsFinite(actual[i]), what);
            (worst, largest) = (Math.Max(worst, Math.Abs(expected[i] - actual[i])), Math.Max(largest, Math.Abs(expected[i])));
        }

        Assert.True(worst <= Tolerance * largest, $"{what}: max abs error {worst:g4}, largest value {largest:g4}");
    }

    public sealed class Fixture : IDisposable
    {
        public IlgpuLauncher Launcher { get; } = new();

        public void Dispose() => Launcher.Dispose();
    }

    /// <summary>The loop as a captured graph runs it: the step's number never comes from the host.</summary>
    private sealed class DeviceLoop
    {
        public const float Untouched = 123;

        private readonly IlgpuLauncher _launcher;
        private readonly DeviceStepTable _table;
        private readonly int _halves;
        private readonly DeviceView<int> _step;
        private readonly DeviceView<float> _values, _latents, _sample, _output, _timestep, _predictions, _start, _noise;

        public DeviceLoop(IlgpuLauncher launcher, DeviceStepTable table, int halves)
        {
            (_launcher, _table, _halves) = (launcher, table, halves);
            _values = launcher.Upload(table.Values);
            _step = launcher.Allocate<int>(1);
            _timestep = launcher.Allocate<float>(1);
            _latents = launcher.Allocate<float>(Length);
            _output = launcher.Allocate<float>(halves * Length);
            _sample = launcher.Upload<float>(Filled(halves * ItemLength, Untouched));

            // Whatever a step reads before it was written shows.
            _predictions = table.KeepsPredictions ? launcher.Upload<float>(Filled(StepTableLayout.RingLength * Length, float.NaN)) : default;
            _start = table.KeepsStart ? launcher.Upload<float>(Filled(Length, float.NaN)) : default;
            _noise = table.NeedsNoise ? launcher.Upload<float>(Noise(table)) : default;
        }

        public void Start(float[] noise)
        {
            _launcher.Write(_step, [0]);
            _launcher.RepeatNoise(_launcher.Upload<float>(noise), _latents, Frames, Plane, _table.InitNoiseSigma);
        }

        public (float Timestep, float[] Sample) Begin()
        {
            _launcher.BeginStep(_latents, _sample, _timestep, _values, _step, _halves, ItemLength);
            return (_launcher.Download(_timestep)[0], _launcher.Download(_sample));
        }

        public float[] Step(float[] output)
        {
            _launcher.Write<float>(_output, output);
            _launcher.LinearStep(_output, _latents, _predictions, _start, _noise, _values, _step, _halves, Length, Frames, Plane);
            _launcher.AdvanceStep(_step);
            return _launcher.Download(_latents);
        }

        private static float[] Noise(DeviceStepTable table)
        {
            float[] noise = new float[table.StepCount * Channels * Plane];
            table.WriteNoise(noise);
            return noise;
        }

        private static float[] Filled(int length, float value)
        {
            float[] values = new float[length];
            Array.Fill(values, value);
            return values;
        }
    }
}
