using LatentSync.Models.Packs;
using LatentSync.Models.Rewrites;
using LatentSync.Pipeline;
using LatentSync.Pipeline.Gpu;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline;

/// <summary>The demo pack on the driver's double: the GPU's path with the shipped PTX interpreted and the networks on ONNX Runtime.</summary>
internal sealed class DevicePipeline : IDisposable
{
    /// <param name="driver">The driver.</param>
    /// <param name="options">How the networks are loaded.</param>
    /// <param name="has">Which forms of the UNet are there; null for the plain network alone.</param>
    public DevicePipeline(DriverDouble driver, LipSyncEngineOptions? options = null, Func<UNetProgramOptions, bool>? has = null)
    {
        ModelPack pack = ModelPack.Open(ImportedDemoPack.Path);
        UNet = new OnnxUNetSource(pack, has ?? (form => form.IsPlain));
        Encoder = Load(pack.VaeEncoderPath);
        Decoder = Load(pack.VaeDecoderPath);
        DeviceEngines gpu = new(driver.Device, UNet, Encoder, Decoder, [Encoder, Decoder]);
        Engines = LipSyncEngines.Load(pack, options ?? new LipSyncEngineOptions(), new BackendChoice("double", null, gpu), CancellationToken.None);
        Pipeline = new LipSyncPipeline(Engines);
    }

    public LipSyncEngines Engines { get; }

    public LipSyncPipeline Pipeline { get; }

    public OnnxUNetSource UNet { get; }

    public HostFunctionNetwork Encoder { get; }

    public HostFunctionNetwork Decoder { get; }

    public void Dispose() => Pipeline.Dispose();

    private static HostFunctionNetwork Load(string path) => new(OnnxRuntimeEngine.Load(path, new OnnxRuntimeOptions()));
}
