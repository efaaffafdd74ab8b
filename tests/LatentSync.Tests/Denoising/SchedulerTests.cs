using LatentSync.Denoising;
using LatentSync.Models.Configuration;
using LatentSync.Runtime;

namespace LatentSync.Tests.Denoising;

/// <summary>What holds for every scheduler, and the edges of each.</summary>
public class SchedulerTests
{
    private const int Length = 32;

    public static TheoryData<string, int> NamesAndSteps()
    {
        TheoryData<string, int> rows = [];
        foreach (string name in SchedulerFactory.Names)
        {
            foreach (int steps in (int[])[1, 2, 3, 15, 50])
            {
                rows.Add(name, steps);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(NamesAndSteps))]
    public void Step_NetworkThatKnowsTheCleanSample_EndsThere(string name, int steps)
    {
        IScheduler scheduler = Create(name, SchedulerConfig.Official with { PredictionType = PredictionType.Sample, SetAlphaToOne = true }, steps);
        float[] clean = Ramp(0.5f), sample = Ramp(-0.7f);

        scheduler.Reset();
        for (int step = 0; step < scheduler.Timesteps.Count; step++)
        {
            scheduler.Step(step, clean, sample);
        }

        Assert.Equal(steps, scheduler.Timesteps.Count);
        for (int i = 0; i < clean.Length; i++)
        {
            // LCM keeps (0.5/10/t)^2 of the sample by design, below 1e-5 from timestep 19 on; the others only round.
            Assert.Equal(clean[i], sample[i], 1e-4f);
        }
    }

    [Theory]
    [InlineData("ddim", PredictionType.Epsilon)]
    [InlineData("dpmpp2m", PredictionType.Epsilon)]
    [InlineData("dpmpp2m-karras", PredictionType.VPrediction)]
    [InlineData("unipc", PredictionType.Epsilon)]
    [InlineData("unipc", PredictionType.VPrediction)]
    [InlineData("euler", PredictionType.VPrediction)]
    public void Step_AsManyAsTheTraining_StaysFinite(string name, PredictionType type)
    {
        // So many steps visit some training steps twice, over which a multistep solver can take no slope.
        IScheduler scheduler = Create(name, SchedulerConfig.Official with { PredictionType = type }, 1000);
        float[] sample = Ramp(1), scaled = new float[Length];
        for (int step = 0; step < scheduler.Timesteps.Count; step++)
        {
            scheduler.ScaleModelInput(step, sample, scaled);
            scheduler.Step(step, [.. scaled.Select(x => 0.4f * MathF.Tanh(x))], sample);
        }

        Assert.All(sample, value => Assert.InRange(value, -100, 100));
    }

    [Theory]
    [InlineData("dpmpp2m", 1001, "1 to 1000")]
    [InlineData("unipc", 0, "1 to 1000")]
    [InlineData("euler", -1, "1 to 1000")]
    [InlineData("lcm", 51, "1 to 50")]
    public void Create_StepsOutOfRange_SaysTheRange(string name, int steps, string range)
    {
        LatentSyncException exception = Assert.Throws<LatentSyncException>(() => Create(name, SchedulerConfig.Official, steps));
        Assert.Equal(LatentSyncError.Usage, exception.Error);
        Assert.Contains(range, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_LeadingMultistep_LeavesRoomForTheStepThatIsLeftOut()
    {
        SchedulerConfig config = SchedulerConfig.DefaultsOf("UniPCMultistepScheduler") with { TimestepSpacing = TimestepSpacing.Leading };
        Assert.Equal(999, Create("unipc", config, 999).Timesteps.Count);
        Assert.Contains("1 to 999", Assert.Throws<LatentSyncException>(() => Create("unipc", config, 1000)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_PackForAnotherClass_KeepsTheTrainingAndTakesTheRestFromTheClass()
    {
        SchedulerConfig pack = SchedulerConfig.Official with { PredictionType = PredictionType.VPrediction, ClipSample = true, UseKarrasSigmas = true };

        // Linspace from the last training step, although the pack says leading.
        Assert.Equal([999f, 666, 333], Create("dpmpp2m", pack, 3).Timesteps);
        SchedulerConfig lcm = pack.ForClass("LCMScheduler");
        Assert.Equal((pack.BetaEnd, pack.StepsOffset, PredictionType.VPrediction), (lcm.BetaEnd, lcm.StepsOffset, lcm.PredictionType));
        Assert.False(lcm.ClipSample);
        Assert.Same(lcm, lcm.ForClass("LCMScheduler"));
    }

    [Fact]
    public void Create_KarrasByName_EqualsKarrasByConfiguration()
    {
        SchedulerConfig config = SchedulerConfig.Official.ForClass("DPMSolverMultistepScheduler") with { UseKarrasSigmas = true };
        Assert.Equal(Create("dpmpp2m", config, 12).Timesteps, Create("DPMpp2M-Karras", SchedulerConfig.Official, 12).Timesteps);
    }

    [Fact]
    public void Create_UniPcThatCannotEndAtZero_IsRefused()
    {
        SchedulerConfig config = SchedulerConfig.DefaultsOf("UniPCMultistepScheduler") with { LowerOrderFinal = false };
        Assert.Contains("lower_order_final", Assert.Throws<LatentSyncException>(() => Create("unipc", config, 5)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_LcmWithoutNoise_OnlyForOneStep()
    {
        Assert.Single(SchedulerFactory.Create("lcm", SchedulerConfig.Official, 1).Timesteps);
        Assert.Throws<ArgumentNullException>(() => SchedulerFactory.Create("lcm", SchedulerConfig.Official, 2));
    }

    [Fact]
    public void Create_LcmOnAShortTraining_IsRefused() => Assert.Contains(
        "original_inference_steps",
        Assert.Throws<LatentSyncException>(() => Create("lcm", SchedulerConfig.Official with { NumTrainTimesteps = 20 }, 4)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Step_OutOfOrder_ThrowsForASolverWithHistory()
    {
        IScheduler scheduler = Create("unipc", SchedulerConfig.Official, 4);
        float[] sample = Ramp(1);
        scheduler.Step(0, sample.ToArray(), sample);
        Assert.Throws<InvalidOperationException>(() => scheduler.Step(2, sample.ToArray(), sample));
        Assert.Throws<ArgumentException>(() => scheduler.Step(1, new float[8], new float[8]));
        Assert.Throws<ArgumentException>(() => scheduler.Step(1, new float[8], sample));
    }

    [Fact]
    public void Step_ShorterSampleAfterReset_IsAnotherChunk()
    {
        IScheduler scheduler = Create("dpmpp2m", SchedulerConfig.Official, 2);
        float[] sample = Ramp(1), shorter = Ramp(1)[..16];
        Denoise(scheduler, sample);
        Denoise(scheduler, shorter);
        Assert.Equal(sample[..16], shorter);
    }

    [Theory]
    [InlineData("ddim", true)]
    [InlineData("euler", true)]
    [InlineData("dpmpp2m", false)]
    [InlineData("unipc", false)]
    [InlineData("lcm", false)]
    public void TryGetLinearStep_FirstOfThree_OnlyWithoutHistoryAndNoise(string name, bool expected) =>
        Assert.Equal(expected, Create(name, SchedulerConfig.Official, 3).TryGetLinearStep(0, out _, out _));

    [Fact]
    public void TryGetLinearStep_ClipSample_IsNotLinear() =>
        Assert.False(Create("ddim", SchedulerConfig.Official with { ClipSample = true }, 3).TryGetLinearStep(0, out _, out _));

    private static void Denoise(IScheduler scheduler, float[] sample)
    {
        scheduler.Reset();
        for (int step = 0; step < scheduler.Timesteps.Count; step++)
        {
            scheduler.Step(step, [.. sample.Select(x => 0.3f * x)], sample);
        }
    }

    private static IScheduler Create(string name, SchedulerConfig config, int steps) =>
        SchedulerFactory.Create(name, config, steps, new FrameNoise(3, 2, Length / 2));

    private static float[] Ramp(float scale) => [.. Enumerable.Range(0, Length).Select(i => scale * (i - 10) / 8)];
}
