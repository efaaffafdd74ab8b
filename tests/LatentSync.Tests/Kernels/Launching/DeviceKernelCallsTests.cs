using LatentSync.Kernels;
using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Kernels.Launching;
using LatentSync.Kernels.Manifest;
using LatentSync.Runtime;

namespace LatentSync.Tests.Kernels.Launching;

public sealed class DeviceKernelCallsTests
{
    private static readonly KernelManifest Manifest = KernelManifest.Describe([75], DeviceKernels.All);

    public static TheoryData<string> Kernels => [.. DeviceKernels.All.Select(kernel => kernel.Name)];

    [Fact]
    public void Methods_AreTheKernels_EachOnce() => Assert.Equal(
        DeviceKernels.All.Select(kernel => kernel.Name), TypedCall.Methods.Select(method => method.Name).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Kernels))]
    public void Call_FittingArguments_PacksThemAsTheManifestSays(string kernel)
    {
        KernelSignature signature = Manifest.Kernel(kernel);
        TypedCall call = new(kernel);
        RecordingLauncher launcher = new();
        call.Invoke(launcher);

        Assert.Equal((1, kernel), (launcher.Count, launcher.Kernel));
        Assert.Equal(signature.Size, launcher.Parameters.Length);
        Assert.Equal(launcher.Extent, BitConverter.ToInt32(launcher.Parameters));

        // The kernel's parameters without the thread's index, then what only the extent needs.
        Assert.Equal(signature.Parameters.Skip(1).Select(parameter => parameter.Name), call.Names.Take(signature.Parameters.Count - 1));
        foreach (KernelParameter parameter in signature.Parameters.Skip(1))
        {
            Assert.Equal(TypedCall.BytesOf(call[parameter.Name]), launcher.Parameters.Slice(parameter.Offset, parameter.Size).ToArray());
        }
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Call_AnyViewTooShortOrNowhere_IsRefusedBeforeTheLaunch(string kernel)
    {
        RecordingLauncher launcher = new();
        foreach (KernelParameter view in Manifest.Kernel(kernel).Parameters.Where(parameter => parameter.Kind == KernelParameterKind.View))
        {
            // Three of a step's views may be empty, but not too short.
            bool isOptional = kernel == nameof(StepKernels.LinearStep) && view.Name is "predictions" or "start" or "noise";
            TypedCall tooShort = new(kernel), nowhere = new(kernel), crooked = new(kernel);
            tooShort[view.Name] = TypedCall.View(tooShort[view.Name], 4096, isOptional ? 1 : 0);
            nowhere[view.Name] = TypedCall.View(nowhere[view.Name], 0, 900_000);
            crooked[view.Name] = TypedCall.View(crooked[view.Name], 4097, 900_000);
            Assert.ThrowsAny<ArgumentException>(() => tooShort.Invoke(launcher));
            Assert.ThrowsAny<ArgumentException>(() => nowhere.Invoke(launcher));
            if (view.ElementSize > 1)
            {
                Assert.ThrowsAny<ArgumentException>(() => crooked.Invoke(launcher));
            }
        }

        Assert.Equal(0, launcher.Count);
    }

    [Theory]
    [InlineData("WarpFace", "cropHeight", 0)]
    [InlineData("WarpFace", "frameHeight", 40_000)]
    [InlineData("WarpFace", "cropHeight", int.MaxValue)]
    [InlineData("ResizeRowsLanczos4", "sourceHeight", 20_000)]
    [InlineData("ResizeColumnsLanczos4", "rowLength", -1)]
    [InlineData("ResizeColumnsBicubic", "taps", 100_000)]
    [InlineData("ErodeRows", "size", 0)]
    [InlineData("BlurColumns", "radius", -1)]
    [InlineData("BlendFace", "framePitch", 3)]
    [InlineData("BlendFace", "frameOffset", 900_000)]
    [InlineData("KeepOriginal", "area", 0)]
    [InlineData("PlaceLatents", "frame", 3)]
    [InlineData("PlaceLatents", "plane", 7)]
    [InlineData("PlaceLatents", "first", 100_000)]
    [InlineData("TakeLatents", "frame", -1)]
    [InlineData("RepeatNoise", "frames", 7)]
    [InlineData("BeginStep", "halves", 3)]
    [InlineData("BeginStep", "itemLength", 7)]
    [InlineData("LinearStep", "halves", 0)]
    [InlineData("LinearStep", "plane", 7)]
    public void Call_SizeThatDoesNotFit_IsRefusedBeforeTheLaunch(string kernel, string parameter, int value)
    {
        RecordingLauncher launcher = new();
        TypedCall call = new(kernel) { [parameter] = value };
        Assert.ThrowsAny<ArgumentException>(() => call.Invoke(launcher));
        Assert.Equal(0, launcher.Count);
    }

    [Fact]
    public void LinearStep_WithoutHistoryAndNoise_TakesEmptyViews()
    {
        RecordingLauncher launcher = new();
        TypedCall call = new(nameof(StepKernels.LinearStep));
        foreach (string name in (string[])["predictions", "start", "noise"])
        {
            call[name] = default(DeviceView<float>);
        }

        call.Invoke(launcher);
        Assert.Equal(1, launcher.Count);
    }

    [Fact]
    public void Call_AnyNumberOfTimes_AllocatesNothing()
    {
        RecordingLauncher launcher = new();
        Many(launcher);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Many(launcher);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void ParameterWriter_Capacity_HoldsEveryKernelsParameters() => Assert.InRange(Manifest.Kernels.Max(kernel => kernel.Size), 1, ParameterWriter.Capacity);

    private static void Many(RecordingLauncher launcher)
    {
        DeviceView<float> values = new(4096, 1000);
        DeviceView<int> step = new(8192, 1);
        for (int i = 0; i < 50; i++)
        {
            launcher.WarpFace(new DeviceView<byte>(1, 300), new DeviceView<byte>(1, 300), new AffineTransform(1, 0, 0, 0, 1, 0), 10, 10, 10, 10);
            launcher.LinearStep(values, values, values, values, values, values.Slice(0, 21), step, 2, 60, 3, 5);
            launcher.PlaceLatents(values.Slice(0, 20), values, 1, 0, 2, 5, 0.5f, 2);
        }
    }
}
