using System.Runtime.InteropServices;

namespace LatentSync.Cli.Native;

/// <summary>The C library's way out that runs no destructors.</summary>
internal static partial class ProcessExit
{
    /// <summary>Ends the process at once; Unix only.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void Now(int status);
}
