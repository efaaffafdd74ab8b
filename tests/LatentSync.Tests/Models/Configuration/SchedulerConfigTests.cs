using LatentSync.Models.Configuration;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Configuration;

public sealed class SchedulerConfigTests
{
    [Fact]
    public void Load_DemoPack_ReadsEveryValue()
    {
        SchedulerConfig config = SchedulerConfig.Load(Path.Combine(Goldens.DemoPack, "scheduler_config.json"));

        Assert.Equal(SchedulerConfig.Official with { PredictionType = PredictionType.VPrediction }, config);
        Assert.Equal(0.00085, config.BetaStart);
        Assert.Equal(0.012, config.BetaEnd);
        Assert.Equal(BetaSchedule.ScaledLinear, config.BetaSchedule);
        Assert.Equal(1, config.StepsOffset);
        Assert.False(config.ClipSample);
        Assert.False(config.SetAlphaToOne);
    }

    [Fact]
    public void Parse_EmptyObject_HasDiffusersDdimDefaults()
    {
        SchedulerConfig config = SchedulerConfig.Parse("{}", "s.json");

        Assert.Equal(new SchedulerConfig(), config);
        Assert.Equal(PredictionType.Epsilon, config.PredictionType);
        Assert.True(config.ClipSample);
        Assert.True(config.SetAlphaToOne);
        Assert.Equal(0.02, config.BetaEnd);
    }

    public static IEnumerable<object[]> Cases() => Goldens.Files("schedulers", "*.safetensors");

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Parse_DiffusersConfig_IsUnderstood(string name)
    {
        using GoldenFile file = new(Goldens.Case("schedulers", name));

        SchedulerConfig config = SchedulerConfig.Parse(file.Metadata("config"), name);

        Assert.Contains($"\"num_train_timesteps\": {config.NumTrainTimesteps}", file.Metadata("config"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"prediction_type": "v_prediction"}""", PredictionType.VPrediction)]
    [InlineData("""{"prediction_type": "sample"}""", PredictionType.Sample)]
    [InlineData("""{"prediction_type": null}""", PredictionType.Epsilon)]
    public void Parse_PredictionType_IsRead(string json, PredictionType expected) => Assert.Equal(expected, SchedulerConfig.Parse(json, "s.json").PredictionType);

    [Fact]
    public void Parse_TrainedBetas_AreKept() =>
        Assert.Equal([0.1, 0.2], SchedulerConfig.Parse("""{"num_train_timesteps": 2, "trained_betas": [0.1, 0.2]}""", "s.json").TrainedBetas!);

    [Fact]
    public void Parse_SolverKeys_AreRead()
    {
        SchedulerConfig config = SchedulerConfig.Parse("""
            {"_class_name": "UniPCMultistepScheduler", "solver_order": 3, "solver_type": "bh1", "lower_order_final": false, "euler_at_final": true,
             "final_sigmas_type": "sigma_min", "use_karras_sigmas": true, "sigma_min": 0.02, "sigma_max": 12, "lambda_min_clipped": -Infinity,
             "interpolation_type": "log_linear", "original_inference_steps": 40, "timestep_scaling": 5, "solver_p": null, "disable_corrector": []}
            """, "s.json");

        Assert.Equal((3, SolverType.Bh1, false, true), (config.SolverOrder, config.SolverType, config.LowerOrderFinal, config.EulerAtFinal));
        Assert.Equal((FinalSigma.SigmaMin, true, 0.02, 12.0), (config.FinalSigma, config.UseKarrasSigmas, config.SigmaMin, config.SigmaMax));
        Assert.Equal((SigmaInterpolation.LogLinear, 40, 5.0), (config.SigmaInterpolation, config.OriginalInferenceSteps, config.TimestepScaling));
        Assert.Equal(TimestepSpacing.Linspace, config.TimestepSpacing);
        Assert.Equal(config, SchedulerConfigReader.Read(new ConfigSection(SchedulerConfigReader.ToJson(config), "s.json", string.Empty)));
    }

    [Theory]
    [InlineData("DPMSolverMultistepScheduler", "bh2", SolverType.Midpoint)]
    [InlineData("DPMSolverMultistepScheduler", "heun", SolverType.Heun)]
    [InlineData("UniPCMultistepScheduler", "midpoint", SolverType.Bh2)]
    [InlineData("UniPCMultistepScheduler", "logrho", SolverType.Bh2)]
    public void Parse_SolverTypeOfTheOtherFamily_IsTheDefaultAsInDiffusers(string className, string type, SolverType expected) => Assert.Equal(
        expected, SchedulerConfig.Parse($$"""{"_class_name": "{{className}}", "solver_type": "{{type}}"}""", "s.json").SolverType);

    [Fact]
    public void Parse_LambdaMinClipped_SurvivesWriting()
    {
        SchedulerConfig config = SchedulerConfig.Parse("""{"_class_name": "DPMSolverMultistepScheduler", "lambda_min_clipped": -5.1}""", "s.json");
        Assert.Equal(-5.1, config.LambdaMinClipped);
        Assert.Equal(config, SchedulerConfigReader.Read(new ConfigSection(SchedulerConfigReader.ToJson(config), "s.json", string.Empty)));
    }

    [Theory]
    [InlineData("""{"solver_order": 4}""", "solver_order")]
    [InlineData("""{"solver_type": "exact"}""", "solver_type")]
    [InlineData("""{"final_sigmas_type": "half"}""", "final_sigmas_type")]
    [InlineData("""{"disable_corrector": [0]}""", "disable_corrector")]
    [InlineData("""{"solver_p": {}}""", "solver_p")]
    [InlineData("""{"sigma_min": -1}""", "sigma_min")]
    [InlineData("""{"original_inference_steps": 2000}""", "original_inference_steps")]
    [InlineData("""{"algorithm_type": "sde-dpmsolver++"}""", "algorithm_type")]
    [InlineData("""{"prediction_type": "flow"}""", "prediction_type")]
    [InlineData("""{"prediction_type": 3}""", "prediction_type")]
    [InlineData("""{"thresholding": true}""", "thresholding")]
    [InlineData("""{"rescale_betas_zero_snr": true}""", "rescale_betas_zero_snr")]
    [InlineData("""{"beta_schedule": "squaredcos_cap_v2"}""", "squaredcos_cap_v2")]
    [InlineData("""{"timestep_spacing": "log"}""", "timestep_spacing")]
    [InlineData("""{"_class_name": "FlowMatchEulerDiscreteScheduler"}""", "FlowMatchEulerDiscreteScheduler")]
    [InlineData("""{"beta_end": 1.5}""", "beta_end")]
    [InlineData("""{"beta_start": 0.5, "beta_end": 0.1}""", "beta_end")]
    [InlineData("""{"beta_start": NaN}""", "beta_start")]
    [InlineData("""{"num_train_timesteps": 10.5}""", "num_train_timesteps")]
    [InlineData("""{"num_train_timesteps": 0}""", "num_train_timesteps")]
    [InlineData("""{"steps_offset": -1}""", "steps_offset")]
    [InlineData("""{"clip_sample": "no"}""", "clip_sample")]
    [InlineData("""{"trained_betas": [0.1]}""", "trained_betas")]
    [InlineData("""{"nobody_knows_me": 1}""", "nobody_knows_me")]
    [InlineData("""{"clip_sample": false, "clip_sample": true}""", "not valid JSON")]
    [InlineData("""{"clip_sample": """, "not valid JSON")]
    [InlineData("[]", "mapping")]
    [InlineData("", "not valid JSON")]
    [InlineData("\"\\\"\\\"\\", "not valid JSON")]
    public void Parse_Unsupported_IsRefusedByName(string json, string named)
    {
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => SchedulerConfig.Parse(json, "dir/s.json"));

        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.StartsWith("dir/s.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Load_MissingFile_NamesIt() =>
        Assert.Contains("nowhere.json", Assert.Throws<LatentSyncException>(() => SchedulerConfig.Load("nowhere.json")).Message, StringComparison.Ordinal);
}
