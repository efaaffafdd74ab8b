namespace LatentSync.Runtime;

/// <summary>Where this user's programs keep what can be made again: <c>$XDG_CACHE_HOME</c>, else <c>~/.cache</c>; on Windows the local application data.</summary>
public static class UserCacheFolder
{
    /// <summary>A folder of this engine's there; it need not exist.</summary>
    /// <param name="name">What it holds.</param>
    public static string For(string name) => Path.Combine(Root(), "latentsync", name);

    private static string Root()
    {
        if (OperatingSystem.IsWindows())
        {
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        }

        // The XDG specification: a relative path there is to be ignored.
        string? chosen = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        return Path.IsPathRooted(chosen) ? chosen : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache");
    }
}
