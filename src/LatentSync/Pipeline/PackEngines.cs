using LatentSync.Audio;
using LatentSync.Models.Packs;
using LatentSync.Models.Precision;
using LatentSync.Runtime;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Pipeline;

/// <summary>The engines that a pack's networks want: the extents follow from the pack's configuration.</summary>
public static class PackEngines
{
    // The masked and the unmasked face go through the encoder together; the decoder takes one face at a time.
    private static readonly ExtentRange Pictures = new(1, 2, 2), Decoded = new(1, 1, 2);

    /// <summary>
    /// What to build, in the order of use. At int8 and fp8 the UNet must hold Q/DQ nodes of that kind; a network of the VAE that has none is made in fp16.
    /// </summary>
    /// <param name="pack">The pack.</param>
    /// <param name="options">Which engines.</param>
    /// <exception cref="LatentSyncException">An option is out of range, the pack's networks do not fit this version, or lack the quantization that is wanted.</exception>
    public static IReadOnlyList<EngineBuildRequest> Requests(ModelPack pack, PackEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(pack);
        ArgumentNullException.ThrowIfNull(options);
        int resolution = options.Resolution ?? pack.Config.Resolution;
        int scale = pack.Manifest.Vae.DownscaleFactor;
        if (resolution < scale || resolution % 64 != 0)
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"--resolution {resolution}: give a multiple of 64");
        }

        return [.. options.Networks.Select(network => new EngineBuildRequest
        {
            Network = network,
            ModelPath = PathOf(pack, network),
            Precision = PrecisionPass.Resolve(PathOf(pack, network), options.Precision, mustBeQuantized: network == PackComponentName.UNet),
            Profiles = Profiles(pack, network, options.Chunks, resolution, scale),
            Flags = options.Flags,
            Tuning = options.Tuning,
            TimingCachePath = options.TimingCachePath,
            Refit = options.Refit,
            Rebuild = options.Rebuild,
        })];
    }

    private static IReadOnlyList<EngineProfile> Profiles(ModelPack pack, string network, ExtentRange chunks, int resolution, int scale)
    {
        IReadOnlyList<TensorContract> inputs = pack.Component(network).Inputs;
        return network switch
        {
            PackComponentName.UNet => EngineProfiles.Denoiser(inputs, chunks, pack.Config.NumFrames, resolution / scale, AudioTokens(pack)),
            PackComponentName.VaeDecoder => EngineProfiles.Pictures(inputs, Decoded, resolution / scale),
            _ => EngineProfiles.Pictures(inputs, Pictures, resolution),
        };
    }

    // A frame's window of feature rows, each with the embedding and every layer of Whisper's encoder.
    private static int AudioTokens(ModelPack pack) =>
        new AudioFeatLength(pack.Config.AudioFeatLengthBefore, pack.Config.AudioFeatLengthAfter).Rows * (pack.WhisperConfig.AudioLayers + 1);

    private static string PathOf(ModelPack pack, string network) => network switch
    {
        PackComponentName.UNet => pack.UNetPath,
        PackComponentName.VaeEncoder => pack.VaeEncoderPath,
        PackComponentName.VaeDecoder => pack.VaeDecoderPath,
        _ => throw new LatentSyncException(LatentSyncError.Usage, $"no engines are made of '{network}'; give one of {string.Join(", ", PackEngineOptions.All)}"),
    };
}
