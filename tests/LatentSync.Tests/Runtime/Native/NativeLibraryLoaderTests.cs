using System.Reflection;
using LatentSync.Runtime;
using LatentSync.Runtime.Native;
using LatentSync.Runtime.TensorRt;
using LatentSync.Runtime.TensorRt.Native;
using LatentSync.Tests.Runtime.TensorRt;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Runtime.Native;

public sealed class NativeLibraryLoaderTests
{
    [SkippableFact]
    public void Load_BuiltLibrary_HasTheAssembliesVersion()
    {
        NativeBuild.Require();
        NativeRuntimeInfo info = NativeRuntimeInfo.Load();
        Version assembly = typeof(NativeRuntimeInfo).Assembly.GetName().Version!;
        Assert.Equal(NativeLibraryLoader.AbiVersion, info.AbiVersion);
        Assert.Equal(assembly.ToString(3), info.Version);
        Assert.True(File.Exists(info.Path));
    }

    [Fact]
    public void Open_NothingThere_NamesEveryPathAndTheFix()
    {
        string[] candidates = [Path.Combine(Path.GetTempPath(), "no 'such' folder é", NativeLibraryLoader.FileName), Path.GetFullPath("also-missing.so")];
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => NativeLibraryLoader.Open(candidates));
        Assert.Equal(LatentSyncError.Environment, error.Error);
        Assert.All(candidates, path => Assert.Contains($"{path} (no such file)", error.Message, StringComparison.Ordinal));
        Assert.Contains("./build.sh build", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileThatIsNoLibrary_IsRefusedWithTheLoadersReason()
    {
        string assembly = Assembly.GetExecutingAssembly().Location;
        string readme = Path.ChangeExtension(assembly, ".deps.json");
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => NativeLibraryLoader.Open([readme]));
        Assert.Contains(readme, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [SkippableFact]
    public void Open_LibraryWithoutVersionCall_IsRefused()
    {
        string other = NativeBuild.StandIn("cuda_empty", "libcuda.so.1");
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => NativeLibraryLoader.Open([other]));
        Assert.Contains("does not export lsrt_abi_version", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Candidates_ChosenPath_IsTheOnlyOne() =>
        Assert.Equal([Path.GetFullPath("chosen.so")], NativeLibraryLoader.Candidates("chosen.so"));

    [Fact]
    public void Candidates_Default_AreAbsolutePathsOfThePlatformsName()
    {
        IReadOnlyList<string> candidates = NativeLibraryLoader.Candidates(null);
        Assert.NotEmpty(candidates);
        Assert.All(candidates, path => Assert.True(Path.IsPathFullyQualified(path) && Path.GetFileName(path) == NativeLibraryLoader.FileName, path));
    }

    [SkippableFact]
    public void Load_FlavourOfTheFoundTensorRtLiesBeside_IsTaken()
    {
        using TemporaryFolder folder = new();
        string plain = Copy(folder, NativeLibraryLoader.FileName), flavour = Copy(folder, NativeLibraryLoader.FlavourFileName(11));
        LoadedNativeLibrary library = NativeLibraryLoader.Load([plain], NativeBuild.StandIn("tensorrt_complete"), isChosen: false);
        Assert.Equal(flavour, library.Path);
        Assert.Equal([$"{plain} (loaded)", $"{flavour} (loaded)"], library.Attempts);
    }

    [SkippableFact]
    public void Load_FlavourIsMissing_KeepsThePlainOneAndRecordsTheAttempt()
    {
        using TemporaryFolder folder = new();
        string plain = Copy(folder, NativeLibraryLoader.FileName);
        Copy(folder, NativeLibraryLoader.FlavourFileName(11));
        LoadedNativeLibrary library = NativeLibraryLoader.Load([plain], NativeBuild.StandIn("tensorrt_10"), isChosen: false);
        Assert.Equal(plain, library.Path);
        Assert.Equal($"{folder.File(NativeLibraryLoader.FlavourFileName(10))} (no such file)", library.Attempts[^1]);
    }

    [SkippableTheory]
    [InlineData(10)]
    [InlineData(11)]
    public void Load_BothTensorRtsAndOneFlavour_TakesTheFlavourThatIsThere(int major)
    {
        using TemporaryFolder folder = new();
        string plain = Copy(folder, NativeLibraryLoader.FileName), flavour = Copy(folder, NativeLibraryLoader.FlavourFileName(major));
        foreach (string there in new[] { NativeBuild.StandIn("tensorrt_complete"), NativeBuild.StandIn("tensorrt_10") })
        {
            foreach (string file in Directory.GetFiles(there))
            {
                File.Copy(file, folder.File(Path.GetFileName(file)));
            }
        }

        LoadedNativeLibrary library = NativeLibraryLoader.Load([plain], folder.Path, isChosen: false);
        Assert.Equal(flavour, library.Path);
        string[] missing = major == 11 ? [] : [$"{folder.File(NativeLibraryLoader.FlavourFileName(11))} (no such file)"];
        Assert.Equal([$"{plain} (loaded)", .. missing, $"{flavour} (loaded)"], library.Attempts);
    }

    // Vendor libraries stay in a process for good: what is not needed is not opened.
    [SkippableFact]
    public void Find_TensorRtMajors_LooksForEachWhenItIsAskedFor()
    {
        using TemporaryFolder folder = new();
        nint library = System.Runtime.InteropServices.NativeLibrary.Load(Copy(folder, NativeLibraryLoader.FileName));
        IEnumerable<int> majors = TensorRtMajor.Find(library, folder.Path);
        Assert.Empty(majors);
        foreach (string there in new[] { NativeBuild.StandIn("tensorrt_complete"), NativeBuild.StandIn("tensorrt_10") })
        {
            foreach (string file in Directory.GetFiles(there))
            {
                File.Copy(file, folder.File(Path.GetFileName(file)));
            }
        }

        Assert.Equal(11, majors.First());
        Assert.DoesNotContain(Loaded(), path => path == folder.File("libnvinfer.so.10"));
        Assert.Equal([11, 10], majors);
        Assert.Contains(Loaded(), path => path == folder.File("libnvinfer.so.10"));

        static IEnumerable<string> Loaded() => File.ReadLines("/proc/self/maps").Select(line => line[(line.IndexOf('/') is int at and >= 0 ? at : line.Length)..]);
    }

    [SkippableFact]
    public void Load_ChosenOrWithoutTensorRt_KeepsThePlainOne()
    {
        using TemporaryFolder folder = new();
        string plain = Copy(folder, NativeLibraryLoader.FileName);
        Copy(folder, NativeLibraryLoader.FlavourFileName(11));
        Assert.Equal(plain, NativeLibraryLoader.Load([plain], folder.Path, isChosen: false).Path);
        Assert.Equal(plain, NativeLibraryLoader.Load([plain], NativeBuild.StandIn("tensorrt_complete"), isChosen: true).Path);
    }

    private static string Copy(TemporaryFolder folder, string name)
    {
        NativeBuild.Require();
        File.Copy(NativeLibraryLoader.Candidates(Environment.GetEnvironmentVariable(NativeLibraryLoader.PathVariable)).First(File.Exists), folder.File(name));
        return folder.File(name);
    }
}
