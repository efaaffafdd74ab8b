namespace LatentSync.Tests.Denoising;

/// <summary>diffusers' class names and the names that users give.</summary>
internal static class SchedulerNames
{
    public static string FromDiffusersClass(string className) => className switch
    {
        "DDIMScheduler" => "ddim",
        "DPMSolverMultistepScheduler" => "dpmpp2m",
        "UniPCMultistepScheduler" => "unipc",
        "EulerDiscreteScheduler" => "euler",
        "LCMScheduler" => "lcm",
        _ => className,
    };

    public static string ToDiffusersClass(string name) => name switch
    {
        "ddim" => "DDIMScheduler",
        "dpmpp2m" or "dpmpp2m-karras" => "DPMSolverMultistepScheduler",
        "unipc" => "UniPCMultistepScheduler",
        "euler" => "EulerDiscreteScheduler",
        "lcm" => "LCMScheduler",
        _ => throw new ArgumentException($"no diffusers class is known for '{name}'", nameof(name)),
    };

    /// <summary>A scheduler's configuration with its class, which references keep beside it; in a scheduler_config.json it is within.</summary>
    public static string WithClass(string config, string className) => config.Contains("\"_class_name\"", StringComparison.Ordinal)
        ? config
        : $"{{\"_class_name\": \"{className}\", {config.TrimStart()[1..]}";
}
