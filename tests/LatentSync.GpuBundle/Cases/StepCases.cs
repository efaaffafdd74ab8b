using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Kernels.Launching;
using LatentSync.Runtime;

namespace LatentSync.GpuBundle.Cases;

/// <summary>The denoising loop without its network: a step's kernels alone, and twenty steps of them.</summary>
internal static class StepCases
{
    private const int Channels = 4, InputChannels = 13, Halves = 2, Steps = 20;

    // One step: a dozen products and sums of values around 1. Twenty steps: what is off shrinks by the sample's factor in each, so no more than a few times that.
    private const float Exact = 0, Rounding = 4e-6f, LoopRounding = 2e-5f;

    public static IEnumerable<GpuCase> All(CaseSizes sizes) => [BeginStep(sizes), TakeRow(sizes), LinearStep(sizes), AdvanceStep(), DenoisingLoop(sizes)];

    private static GpuCase BeginStep(CaseSizes sizes)
    {
        GpuCase made = new(nameof(StepKernels.BeginStep));
        Buffers buffers = new(made, sizes, step: 7);
        buffers.Begin();
        made.Expect(buffers.Sample, Rounding);
        made.Expect(buffers.Timestep, Exact);
        return made;
    }

    private static GpuCase TakeRow(CaseSizes sizes)
    {
        int width = sizes.Frames * sizes.Plane;
        GpuCase made = new(nameof(StepKernels.TakeRow));
        DeviceView<float> row = made.Output<float>(width);
        made.TakeRow(made.Floats(Steps * width), row, made.Data<int>([Steps - 1]));
        made.Expect(row, Exact);
        return made;
    }

    private static GpuCase LinearStep(CaseSizes sizes)
    {
        GpuCase made = new(nameof(StepKernels.LinearStep));
        Buffers buffers = new(made, sizes, step: 7);
        buffers.Linear();
        made.Expect(buffers.Latents, Rounding);
        made.Expect(buffers.Predictions, Rounding);
        made.Expect(buffers.Start, Rounding);
        return made;
    }

    private static GpuCase AdvanceStep()
    {
        GpuCase made = new(nameof(StepKernels.AdvanceStep));
        DeviceView<int> step = made.Data<int>([7]);
        made.AdvanceStep(step);
        made.Expect(step, Exact);
        return made;
    }

    private static GpuCase DenoisingLoop(CaseSizes sizes)
    {
        GpuCase made = new(nameof(DenoisingLoop)) { Repeats = Steps };
        Buffers buffers = new(made, sizes, step: 0);
        buffers.Begin();
        buffers.Linear();
        made.AdvanceStep(buffers.Step);
        made.Expect(buffers.Sample, LoopRounding);
        made.Expect(buffers.Timestep, Exact);
        made.Expect(buffers.Latents, LoopRounding);
        made.Expect(buffers.Predictions, LoopRounding);
        made.Expect(buffers.Start, LoopRounding);
        made.Expect(buffers.Step, Exact);
        return made;
    }

    /// <summary>
    /// A sampler that uses every column: guidance, clipped predictions, corrections from the second step on, all four predictions, noise in every other step.
    /// Its factors leave values around 1. What it would read before it is there has a factor of 0.
    /// </summary>
    private static float[] Table()
    {
        float[] table = new float[Steps * StepTableLayout.Stride];
        for (int step = 0; step < Steps; step++)
        {
            Span<float> row = table.AsSpan(step * StepTableLayout.Stride, StepTableLayout.Stride);
            row[StepTableLayout.Timestep] = 951 - (50 * step);
            row[StepTableLayout.InputScale] = 1 / (1 + (0.05f * step));
            row[StepTableLayout.Guidance] = 1.5f;
            row[StepTableLayout.KeepsPrediction] = 1;
            row[StepTableLayout.PredictionOfSample] = 0.9f;
            row[StepTableLayout.PredictionOfOutput] = -0.4f;
            row[StepTableLayout.ClipRange] = 0.8f;
            row[StepTableLayout.Corrects] = step > 0 ? 1 : 0;
            row[StepTableLayout.CorrectionStart] = 0.6f;
            row[StepTableLayout.KeepsStart] = 1;
            row[StepTableLayout.Sample] = 0.7f;
            row[StepTableLayout.Output] = -0.1f;
            row[StepTableLayout.Noise] = step % 2 == 0 ? 0.3f : 0;
            for (int k = 0; k <= Math.Min(step, StepTableLayout.RingLength - 1); k++)
            {
                row[StepTableLayout.CorrectionPredictions + k] = 0.2f / (k + 1);
                row[StepTableLayout.Predictions + k] = -0.1f / (k + 1);
            }
        }

        return table;
    }

    /// <summary>What the kernels of a step work on, and their launches.</summary>
    private sealed class Buffers
    {
        private readonly GpuCase _made;
        private readonly CaseSizes _sizes;
        private readonly DeviceView<float> _output, _noise, _table;

        public Buffers(GpuCase made, CaseSizes sizes, int step)
        {
            (_made, _sizes) = (made, sizes);
            int length = Channels * sizes.Frames * sizes.Plane;
            Latents = made.Floats(length, 2);
            Sample = made.Output<float>(Halves * InputChannels * sizes.Frames * sizes.Plane);
            Timestep = made.Output<float>(1);
            Step = made.Data<int>([step]);
            _output = made.Floats(Halves * length);
            _noise = made.Floats(Steps * Channels * sizes.Plane, 2);
            _table = made.Data<float>(Table());

            // A loop starts without a history, a step in its middle has one.
            Predictions = step == 0 ? made.Output<float>(StepTableLayout.RingLength * length) : made.Floats(StepTableLayout.RingLength * length);
            Start = step == 0 ? made.Output<float>(length) : made.Floats(length);
        }

        public DeviceView<float> Latents { get; }

        public DeviceView<float> Sample { get; }

        public DeviceView<float> Timestep { get; }

        public DeviceView<float> Predictions { get; }

        public DeviceView<float> Start { get; }

        public DeviceView<int> Step { get; }

        public void Begin() => _made.BeginStep(Latents, Sample, Timestep, _table, Step, Halves, InputChannels * _sizes.Frames * _sizes.Plane);

        public void Linear() => _made.LinearStep(
            _output, Latents, Predictions, Start, _noise, _table, Step, Halves, (int)Latents.Length, _sizes.Frames, _sizes.Plane);
    }
}
