using LatentSync.Runtime;

namespace LatentSync.Models.Configuration;

/// <summary>
/// A diffusers <c>scheduler_config.json</c>. Keys that the file leaves out have the defaults of the diffusers class that it names, or of
/// DDIMScheduler if it names none; <see cref="Official"/> is the file that LatentSync ships. Immutable.
/// </summary>
public sealed record SchedulerConfig
{
    /// <summary>LatentSync's own scheduler file: DDIM, 1000 steps, betas scaled_linear 0.00085 to 0.012, offset 1, epsilon.</summary>
    public static SchedulerConfig Official { get; } = new()
    {
        BetaStart = 0.00085,
        BetaEnd = 0.012,
        BetaSchedule = BetaSchedule.ScaledLinear,
        ClipSample = false,
        SetAlphaToOne = false,
        StepsOffset = 1,
    };

    /// <summary>The diffusers class that the file was written for (<c>_class_name</c>), such as <c>DDIMScheduler</c>.</summary>
    public string ClassName { get; init; } = "DDIMScheduler";

    /// <summary>Steps of the diffusion that the network was trained on (<c>num_train_timesteps</c>), at least 1.</summary>
    public int NumTrainTimesteps { get; init; } = 1000;

    /// <summary>First beta (<c>beta_start</c>), in (0, 1).</summary>
    public double BetaStart { get; init; } = 0.0001;

    /// <summary>Last beta (<c>beta_end</c>), in [<see cref="BetaStart"/>, 1).</summary>
    public double BetaEnd { get; init; } = 0.02;

    /// <summary>How the betas run between the two (<c>beta_schedule</c>).</summary>
    public BetaSchedule BetaSchedule { get; init; } = BetaSchedule.Linear;

    /// <summary>
    /// Betas given one by one (<c>trained_betas</c>), <see cref="NumTrainTimesteps"/> of them, each in (0, 1); null if start, end and schedule
    /// make them.
    /// </summary>
    public IReadOnlyList<double>? TrainedBetas { get; init; }

    /// <summary>Whether the predicted clean sample is clamped to +-<see cref="ClipSampleRange"/> at each step (<c>clip_sample</c>).</summary>
    public bool ClipSample { get; init; } = true;

    /// <summary>Bound of that clamp (<c>clip_sample_range</c>), positive.</summary>
    public double ClipSampleRange { get; init; } = 1;

    /// <summary>
    /// Whether the step before step 0 has a cumulative alpha of 1 (<c>set_alpha_to_one</c>) rather than that of step 0.
    /// </summary>
    public bool SetAlphaToOne { get; init; } = true;

    /// <summary>Added to the inference timesteps under leading spacing (<c>steps_offset</c>), not negative.</summary>
    public int StepsOffset { get; init; }

    /// <summary>What the network's output means (<c>prediction_type</c>; absent in the file: epsilon).</summary>
    public PredictionType PredictionType { get; init; } = PredictionType.Epsilon;

    /// <summary>How inference steps are laid over the training steps (<c>timestep_spacing</c>).</summary>
    public TimestepSpacing TimestepSpacing { get; init; } = TimestepSpacing.Leading;

    /// <summary>Whether a sigma-based solver spaces its sigmas as Karras et al. 2022 do (<c>use_karras_sigmas</c>); DDIM does not read it.</summary>
    public bool UseKarrasSigmas { get; init; }

    /// <summary>Smallest sigma of that spacing (<c>sigma_min</c>), positive; null takes the schedule's. DPM-Solver++ does not read it.</summary>
    public double? SigmaMin { get; init; }

    /// <summary>Largest sigma of that spacing (<c>sigma_max</c>), positive; null takes the schedule's. DPM-Solver++ does not read it.</summary>
    public double? SigmaMax { get; init; }

    /// <summary>Where a sigma-based solver ends (<c>final_sigmas_type</c>).</summary>
    public FinalSigma FinalSigma { get; init; } = FinalSigma.Zero;

    /// <summary>Most past predictions that a multistep solver combines (<c>solver_order</c>), 1 to 3.</summary>
    public int SolverOrder { get; init; } = 2;

    /// <summary>Variant of a multistep solver (<c>solver_type</c>).</summary>
    public SolverType SolverType { get; init; } = SolverType.Midpoint;

    /// <summary>Whether a multistep solver lowers its order in the last steps (<c>lower_order_final</c>).</summary>
    public bool LowerOrderFinal { get; init; } = true;

    /// <summary>Whether DPM-Solver++ takes its last step at order 1 in every case (<c>euler_at_final</c>).</summary>
    public bool EulerAtFinal { get; init; }

    /// <summary>
    /// Smallest logarithm of signal to noise that DPM-Solver++ visits (<c>lambda_min_clipped</c>); negative infinity leaves none out.
    /// </summary>
    public double LambdaMinClipped { get; init; } = double.NegativeInfinity;

    /// <summary>How Euler interpolates its sigmas (<c>interpolation_type</c>).</summary>
    public SigmaInterpolation SigmaInterpolation { get; init; } = SigmaInterpolation.Linear;

    /// <summary>Steps of the schedule that an LCM was distilled on (<c>original_inference_steps</c>), at least 1.</summary>
    public int OriginalInferenceSteps { get; init; } = 50;

    /// <summary>Factor of the timestep in an LCM's boundary conditions (<c>timestep_scaling</c>), positive.</summary>
    public double TimestepScaling { get; init; } = 10;

    /// <summary>What a diffusers scheduler class uses for keys that are not given.</summary>
    /// <param name="className">A class, such as <c>UniPCMultistepScheduler</c>; any other than those below has DDIMScheduler's defaults.</param>
    public static SchedulerConfig DefaultsOf(string className)
    {
        SchedulerConfig ddim = new() { ClassName = className };
        return className switch
        {
            "DPMSolverMultistepScheduler" or "EulerDiscreteScheduler" => ddim with { TimestepSpacing = TimestepSpacing.Linspace },
            "UniPCMultistepScheduler" => ddim with { TimestepSpacing = TimestepSpacing.Linspace, SolverType = SolverType.Bh2 },
            "LCMScheduler" => ddim with { BetaStart = 0.00085, BetaEnd = 0.012, BetaSchedule = BetaSchedule.ScaledLinear, ClipSample = false },
            _ => ddim,
        };
    }

    /// <summary>
    /// The configuration of another sampler for the same network: how it was trained (train steps, betas, offset, prediction type) from this
    /// one, everything else that class's defaults. This one itself if it was written for that class.
    /// </summary>
    /// <param name="className">The diffusers class of the sampler.</param>
    public SchedulerConfig ForClass(string className) => className == ClassName ? this : DefaultsOf(className) with
    {
        NumTrainTimesteps = NumTrainTimesteps,
        BetaStart = BetaStart,
        BetaEnd = BetaEnd,
        BetaSchedule = BetaSchedule,
        TrainedBetas = TrainedBetas,
        StepsOffset = StepsOffset,
        PredictionType = PredictionType,
    };

    /// <summary>Reads a <c>scheduler_config.json</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LatentSyncException">The file is missing, is not JSON, or asks for something this engine does not do.</exception>
    public static SchedulerConfig Load(string path) => SchedulerConfigReader.Load(path);

    /// <summary>Reads the text of a <c>scheduler_config.json</c>.</summary>
    /// <param name="json">The text; Python's bare <c>Infinity</c> and <c>NaN</c> are understood.</param>
    /// <param name="file">Name of the file it came from, for errors.</param>
    /// <exception cref="LatentSyncException">The text is not JSON, or asks for something this engine does not do.</exception>
    public static SchedulerConfig Parse(string json, string file) => SchedulerConfigReader.Parse(json, file);
}
