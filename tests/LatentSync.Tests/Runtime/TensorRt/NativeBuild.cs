using System.Runtime.InteropServices;
using LatentSync.Runtime.Native;

namespace LatentSync.Tests.Runtime.TensorRt;

/// <summary>The native library as CMake built it, and the stand-ins for vendor libraries built with it.</summary>
internal static class NativeBuild
{
    /// <summary>Skips the test, with the fix, where the native library is not built.</summary>
    public static void Require() => Skip.IfNot(
        NativeLibraryLoader.Candidates(Environment.GetEnvironmentVariable(NativeLibraryLoader.PathVariable)).Any(File.Exists),
        "the native library is not built: run './build.sh build'");

    /// <summary>The path of a stand-in; skips where there is none.</summary>
    public static string StandIn(params string[] parts)
    {
        Require();
        Skip.IfNot(RuntimeInformation.IsOSPlatform(OSPlatform.Linux), "the stand-ins are built on Linux only");
        string path = Path.Combine([LatentSync.Tests.Support.Goldens.RepositoryRoot, "build", "cmake", "tests", "native", "fakes", .. parts]);
        Skip.IfNot(Path.Exists(path), $"{path} is not built: run './build.sh test'");
        return path;
    }
}
