using System.Text.Json;
using System.Text.RegularExpressions;

namespace LatentSync.Models.Configuration;

/// <summary>
/// The rules of <c>scheduler_config.json</c>: what is read, what is passed over because it says nothing about the numbers, and what is
/// refused by name because this engine would compute something else. Meanings and defaults: diffusers 0.42, scheduling_ddim.
/// </summary>
internal static partial class SchedulerConfigReader
{
    // Discrete-time schedulers over alphas, whose files a DDIM scheduler can be made from. Flow matching and EDM are other mathematics.
    private static readonly string[] KnownClasses =
    [
        "DDIMScheduler", "DDPMScheduler", "PNDMScheduler", "DPMSolverMultistepScheduler", "DPMSolverSinglestepScheduler", "UniPCMultistepScheduler",
        "EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler", "HeunDiscreteScheduler", "LMSDiscreteScheduler", "LCMScheduler",
    ];

    public static SchedulerConfig Load(string path) => Parse(ConfigFile.ReadText(path, "a scheduler_config.json"), path);

    public static SchedulerConfig Parse(string json, string file)
    {
        // Python's json module writes infinities bare (DPM-Solver's lambda_min_clipped), which JSON does not allow.
        string strict = PythonConstant().Replace(json, match => match.Groups["constant"].Success ? $"\"{match.Value}\"" : match.Value);
        using JsonDocument document = ConfigFile.ParseJson(strict, file);
        return Read(new ConfigSection(document.RootElement, file, string.Empty));
    }

    public static SchedulerConfig Read(ConfigSection section)
    {
        string className = section.Choice("_class_name", new SchedulerConfig().ClassName, KnownClasses);
        SchedulerConfig defaults = SchedulerConfig.DefaultsOf(className);
        int steps = section.Int("num_train_timesteps", defaults.NumTrainTimesteps, 1, 1_000_000);
        SchedulerConfig config = defaults with
        {
            NumTrainTimesteps = steps,
            BetaStart = section.Number("beta_start", defaults.BetaStart, double.Epsilon, Math.BitDecrement(1)),
            BetaEnd = section.Number("beta_end", defaults.BetaEnd, double.Epsilon, Math.BitDecrement(1)),
            BetaSchedule = ReadBetaSchedule(section, defaults),
            TrainedBetas = ReadTrainedBetas(section, steps),
            ClipSample = section.Bool("clip_sample", defaults.ClipSample),
            ClipSampleRange = section.Number("clip_sample_range", defaults.ClipSampleRange, double.Epsilon, float.MaxValue),
            SetAlphaToOne = section.Bool("set_alpha_to_one", defaults.SetAlphaToOne),
            StepsOffset = section.Int("steps_offset", defaults.StepsOffset, 0, steps - 1),
            PredictionType = ReadPredictionType(section),
            TimestepSpacing = ReadTimestepSpacing(section, defaults),
        };
        config = WithSolver(config, section);
        if (config.BetaEnd < config.BetaStart)
        {
            throw section.Unsupported("beta_end", "smaller than beta_start", "beta_end >= beta_start");
        }

        RefuseOtherMathematics(section);
        PassOverHarmless(section);
        section.RefuseUnread();
        return config;
    }

    private static SchedulerConfig WithSolver(SchedulerConfig config, ConfigSection section) => config with
    {
        UseKarrasSigmas = section.Bool("use_karras_sigmas", config.UseKarrasSigmas),
        SigmaMin = OptionalNumber(section, "sigma_min"),
        SigmaMax = OptionalNumber(section, "sigma_max"),
        FinalSigma = section.Choice("final_sigmas_type", "zero", "zero", "sigma_min") == "zero" ? FinalSigma.Zero : FinalSigma.SigmaMin,
        SolverOrder = section.Int("solver_order", config.SolverOrder, 1, 3),
        SolverType = ReadSolverType(section, config),
        LowerOrderFinal = section.Bool("lower_order_final", config.LowerOrderFinal),
        EulerAtFinal = section.Bool("euler_at_final", config.EulerAtFinal),
        LambdaMinClipped = section.Number("lambda_min_clipped", config.LambdaMinClipped, double.NegativeInfinity, float.MaxValue),
        SigmaInterpolation = section.Choice("interpolation_type", "linear", "linear", "log_linear") == "linear"
            ? SigmaInterpolation.Linear
            : SigmaInterpolation.LogLinear,
        OriginalInferenceSteps = section.Int("original_inference_steps", config.OriginalInferenceSteps, 1, config.NumTrainTimesteps),
        TimestepScaling = section.Number("timestep_scaling", config.TimestepScaling, double.Epsilon, float.MaxValue),
    };

    private static double? OptionalNumber(ConfigSection section, string key) =>
        section.Find(key) is null ? null : section.Number(key, null, double.Epsilon, float.MaxValue);

    // diffusers takes a variant of the other family of solvers for the default of the class at hand.
    private static SolverType ReadSolverType(ConfigSection section, SchedulerConfig defaults)
    {
        bool unified = defaults.SolverType is SolverType.Bh1 or SolverType.Bh2;
        return section.Choice("solver_type", NameOf(defaults.SolverType), "midpoint", "heun", "bh1", "bh2", "logrho") switch
        {
            "heun" when !unified => SolverType.Heun,
            "bh1" when unified => SolverType.Bh1,
            _ => defaults.SolverType,
        };
    }

    private static string NameOf(SolverType type) => type switch
    {
        SolverType.Midpoint => "midpoint",
        SolverType.Heun => "heun",
        SolverType.Bh1 => "bh1",
        _ => "bh2",
    };

    /// <summary>The values under diffusers' names: <see cref="Read"/> gives the same record again.</summary>
    public static JsonElement ToJson(SchedulerConfig config)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            Write(writer, config);
        }

        using JsonDocument document = JsonDocument.Parse(buffer.ToArray());
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter writer, SchedulerConfig config)
    {
        writer.WriteStartObject();
        writer.WriteString("_class_name", config.ClassName);
        writer.WriteNumber("num_train_timesteps", config.NumTrainTimesteps);
        writer.WriteNumber("beta_start", config.BetaStart);
        writer.WriteNumber("beta_end", config.BetaEnd);
        writer.WriteString("beta_schedule", NameOf(config.BetaSchedule));
        if (config.TrainedBetas is { } betas)
        {
            writer.WriteStartArray("trained_betas");
            foreach (double beta in betas)
            {
                writer.WriteNumberValue(beta);
            }

            writer.WriteEndArray();
        }

        writer.WriteBoolean("clip_sample", config.ClipSample);
        writer.WriteNumber("clip_sample_range", config.ClipSampleRange);
        writer.WriteBoolean("set_alpha_to_one", config.SetAlphaToOne);
        writer.WriteNumber("steps_offset", config.StepsOffset);
        writer.WriteString("prediction_type", config.PredictionType switch
        {
            PredictionType.Epsilon => "epsilon",
            PredictionType.VPrediction => "v_prediction",
            _ => "sample",
        });
        writer.WriteString("timestep_spacing", NameOf(config.TimestepSpacing));
        WriteSolver(writer, config);
        writer.WriteEndObject();
    }

    private static void WriteSolver(Utf8JsonWriter writer, SchedulerConfig config)
    {
        writer.WriteBoolean("use_karras_sigmas", config.UseKarrasSigmas);
        if (config.SigmaMin is { } smallest)
        {
            writer.WriteNumber("sigma_min", smallest);
        }

        if (config.SigmaMax is { } largest)
        {
            writer.WriteNumber("sigma_max", largest);
        }

        writer.WriteString("final_sigmas_type", config.FinalSigma == FinalSigma.Zero ? "zero" : "sigma_min");
        writer.WriteNumber("solver_order", config.SolverOrder);
        writer.WriteString("solver_type", NameOf(config.SolverType));
        writer.WriteBoolean("lower_order_final", config.LowerOrderFinal);
        writer.WriteBoolean("euler_at_final", config.EulerAtFinal);
        if (double.IsFinite(config.LambdaMinClipped))
        {
            // JSON has no infinity; left out, it is the default.
            writer.WriteNumber("lambda_min_clipped", config.LambdaMinClipped);
        }

        writer.WriteString("interpolation_type", config.SigmaInterpolation == SigmaInterpolation.Linear ? "linear" : "log_linear");
        writer.WriteNumber("original_inference_steps", config.OriginalInferenceSteps);
        writer.WriteNumber("timestep_scaling", config.TimestepScaling);
    }

    private static BetaSchedule ReadBetaSchedule(ConfigSection section, SchedulerConfig defaults) =>
        section.Choice("beta_schedule", NameOf(defaults.BetaSchedule), "linear", "scaled_linear") == "linear" ? BetaSchedule.Linear : BetaSchedule.ScaledLinear;

    private static string NameOf(BetaSchedule schedule) => schedule == BetaSchedule.Linear ? "linear" : "scaled_linear";

    private static PredictionType ReadPredictionType(ConfigSection section) =>
        section.Choice("prediction_type", "epsilon", "epsilon", "v_prediction", "sample") switch
        {
            "epsilon" => PredictionType.Epsilon,
            "v_prediction" => PredictionType.VPrediction,
            _ => PredictionType.Sample,
        };

    private static TimestepSpacing ReadTimestepSpacing(ConfigSection section, SchedulerConfig defaults) =>
        section.Choice("timestep_spacing", NameOf(defaults.TimestepSpacing), "leading", "linspace", "trailing") switch
        {
            "leading" => TimestepSpacing.Leading,
            "linspace" => TimestepSpacing.Linspace,
            _ => TimestepSpacing.Trailing,
        };

    private static string NameOf(TimestepSpacing spacing) => spacing switch
    {
        TimestepSpacing.Leading => "leading",
        TimestepSpacing.Linspace => "linspace",
        _ => "trailing",
    };

    private static IReadOnlyList<double>? ReadTrainedBetas(ConfigSection section, int steps)
    {
        if (!section.Has("trained_betas"))
        {
            section.PassOver("trained_betas");
            return null;
        }

        IReadOnlyList<double> betas = section.Numbers("trained_betas", null, steps, double.Epsilon, Math.BitDecrement(1));
        return betas.Count == steps ? betas : throw section.Unsupported("trained_betas", $"a list of {betas.Count} values", $"num_train_timesteps ({steps}) values");
    }

    private static void RefuseOtherMathematics(ConfigSection section)
    {
        foreach (string key in (ReadOnlySpan<string>)
            ["thresholding", "rescale_betas_zero_snr", "use_exponential_sigmas", "use_beta_sigmas", "use_lu_lambdas", "use_flow_sigmas", "use_dynamic_shifting"])
        {
            section.Only(key, supported: false);
        }

        section.Only("predict_x0", supported: true);
        section.Only("algorithm_type", "dpmsolver++");
        section.Only("timestep_type", "discrete");
        section.Only("variance_type", "fixed_small");
        section.OnlyEmpty("solver_p");
        if (section.Ints("disable_corrector", [], int.MaxValue, int.MinValue, int.MaxValue).Count > 0)
        {
            throw section.Unsupported("disable_corrector", "a list of steps", "an empty list");
        }
    }

    // Options of a function that is off, of a class that this engine drives in its own way, or of diffusers' bookkeeping.
    private static void PassOverHarmless(ConfigSection section)
    {
        section.PassOver(
            "dynamic_thresholding_ratio", "sample_max_value", "skip_prk_steps", "flow_shift", "time_shift_type", "shift_terminal");
        section.PassOver([.. section.Keys.Where(key => key.StartsWith('_'))]);
    }

    // Texts are matched first, so that a constant's name inside one is left alone; an unclosed one runs to the end, in one pass.
    [GeneratedRegex("""
        "(?>(?:[^"\\]|\\.?)*)(?:"|\z)|(?<constant>-?Infinity|NaN)
        """, RegexOptions.Singleline)]
    private static partial Regex PythonConstant();
}
