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
}
