namespace LatentSync.Cli;

/// <summary>Where the model pack is when no option says so.</summary>
internal static class PackLocation
{
    public const string Variable = "LATENTSYNC_MODELS";
    public const string Default = "engines/pack";

    /// <summary>The given pack, else the one the environment names, else the usual place.</summary>
    public static string Resolve(string? given)
    {
        string? fromEnvironment = Environment.GetEnvironmentVariable(Variable);
        return given ?? (string.IsNullOrEmpty(fromEnvironment) ? Default : fromEnvironment);
    }
}
