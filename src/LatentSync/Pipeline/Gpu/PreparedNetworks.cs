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
    private Action<string>? _warn;

    /// <summary>Allocates and prepares.</summary>
    public PreparedNetworks(DeviceEngines engines, DeviceUNetNetworks unet, ModelPack pack, PreparedShapes shapes)
    {
        Shapes = shapes;
        _scratch = new DeviceScratch(engines.Compute, engines.Prepared.DropIdle);
        Work = new DeviceWork(engines.Compute, engines.Launcher, _scratch, Warn);
        try
        {
            Encoder = new DeviceVaeEncoder(engines.Encoder, shapes.Resolution, pack.VaeScalingFactor, pack.VaeShiftFactor, Work);
            Decoder = new DeviceVaeDecoder(engines.Decoder, shapes.Resolution, pack.VaeScalingFactor, pack.VaeShiftFactor, Work);
            int side = shapes.Resolution / LatentScale;
            Layout = new DeviceChunkLayout(Encoder.Channels, side, side, shapes.Frames, shapes.AudioTokens, shapes.AudioState, shapes.IsGuided);
            Denoiser = new DeviceChunkDenoiser(unet, Layout, shapes.Table, Work);
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
    public bool IsWorthKeeping { get; private set; } = true;

    /// <summary>Whom to tell, from now on, of what works less well than it could; null for nobody.</summary>
    public void WarnTo(Action<string>? warn) => _warn = warn;

    /// <summary>Says that something failed.</summary>
    public void Spoil() => IsWorthKeeping = false;

    public void Dispose()
    {
        Denoiser?.Dispose();
        Decoder?.Dispose();
        Encoder?.Dispose();
        _scratch.Dispose();
    }

    private void Warn(string message)
    {
        Spoil();
        _warn?.Invoke(message);
    }
}
