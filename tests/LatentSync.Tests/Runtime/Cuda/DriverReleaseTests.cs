using LatentSync.Runtime.Cuda;

namespace LatentSync.Tests.Runtime.Cuda;

/// <summary>Sample texts are those of NVIDIA's kernel modules, closed and open, and of the CUDA driver's file on Windows.</summary>
public sealed class DriverReleaseTests
{
    [Theory]
    [InlineData("NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.86.10  Thu Jan 23 06:48:50 UTC 2025\nGCC version:  gcc version 13.3.0 (Ubuntu 13.3.0-6ubuntu2~24.04)\n", "570.86.10")]
    [InlineData("NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build  (dvs-builder@U22-I3-AE18-09-6)  Sun Jul 27 07:12:40 UTC 2025\nGCC version:\n", "580.65.06")]
    [InlineData("NVRM version: NVIDIA UNIX aarch64 Kernel Module  535.183  Mon May  6 00:00:00 UTC 2024\n", "535.183")]
    [InlineData("GCC version:  gcc version 12.3.0\n", "unknown")]
    [InlineData("NVRM version: unreadable", "unknown")]
    [InlineData("", "unknown")]
    public void OfKernelModule_ItsWords_GiveTheRelease(string text, string expected) => Assert.Equal(expected, DriverRelease.OfKernelModule(text));

    [Theory]
    [InlineData("32.0.15.7283", "572.83")]
    [InlineData("31.0.15.5222", "552.22")]
    [InlineData("30.0.14.9613", "496.13")]
    [InlineData("32.0.15.702", "507.02")]
    [InlineData("32.0.15", "unknown")]
    [InlineData("6.14.11.9621 (branch)", "unknown")]
    [InlineData(null, "unknown")]
    public void OfFileVersion_ADriversFile_GivesTheRelease(string? version, string expected) => Assert.Equal(expected, DriverRelease.OfFileVersion(version));

    [Fact]
    public void Find_ThisMachine_IsAReleaseOrUnknown() => Assert.Matches(@"^(unknown|\d+\.\d+(\.\d+)?)$", DriverRelease.Find(typeof(DriverReleaseTests).Assembly.Location));
}
