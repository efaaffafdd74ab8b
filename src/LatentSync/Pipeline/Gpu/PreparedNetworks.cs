using LatentSync.Decoding;
using LatentSync.Denoising;
using LatentSync.Latents;
using LatentSync.Models.Packs;
using LatentSync.Runtime.Cuda;

namespace LatentSync.Pipeline.Gpu;

/// <summary>A pack's networks at one job's shapes, with their memory and captured graphs: nothing of a job's content, so that the next such job captures nothing.</summary>
internal sealed class PreparedNetworks : IDisposable
{
    private const int LatentScale = 8;

    private readonly DeviceScratch _scratch;
    private readonly UncapturedWork _uncaptured = new();
    private bool _failed;

    /// <summary>Allocates and prepares.</summary>
    public PreparedNetworks(DeviceEngines engines, DeviceUNetNetworks unet, ModelPack pack, PreparedShapes shapes)
    {
        Shapes = shapes;
        _scratch = new DeviceScratch(engines.Compute, engines.Prepared.DropIdle);
        Work = new DeviceWork(engines.Compute, engines.Launcher, _scratch, Warn: null);
        try
        {
            Encoder = new DeviceVaeEncoder(engines.Encoder, shapes.Resolution, pack.VaeScalingFactor, pack.VaeShiftFactor, WorkOf("the VAE's encoder"));
            Decoder = new DeviceVaeDecoder(engines.Decoder, shapes.Resolution, pack.VaeScalingFactor, pack.VaeShiftFactor, WorkOf("the VAE's decoder"));
            int side = shapes.Resolution / LatentScale;
            Layout = new DeviceChunkLayout(Encoder.Channels, side, side, shapes.Frames, shapes.AudioTokens, shapes.AudioState, shapes.IsGuided);
            Denoiser = new DeviceChunkDenoiser(unet, Layout, shapes.Table, WorkOf("the UNet"));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public PreparedShapes Shapes { get; }

    public DeviceWork Work { get; }

    public DeviceVaeEncoder Encoder { get; }

    public DeviceVaeDecoder Decoder { get; }

    public DeviceChunkLayout Layout { get; }

    public DeviceChunkDenoiser Denoiser { get; }

    /// <summary>Whether another job may use it: not after something failed, and not where capturing did, for the next job may do better.</summary>
    public bool IsWorthKeeping => !_failed && _uncaptured.IsNone;

    /// <summary>What of a job's work was not captured so far, in one sentence; null if all of it was.</summary>
    public string? Warning => _uncaptured.Warning;

    /// <summary>Says that something failed.</summary>
    public void Spoil() => _failed = true;

    public void Dispose()
    {
        Denoiser?.Dispose();
        Decoder?.Dispose();
        Encoder?.Dispose();
        _scratch.Dispose();
    }

    private DeviceWork WorkOf(string network) => Work with { Warn = reason => _uncaptured.Add(network, reason) };
}
