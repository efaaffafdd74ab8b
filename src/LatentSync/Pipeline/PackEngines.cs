using LatentSync.Models.Onnx;
using LatentSync.Models.Packs;
using LatentSync.Models.Precision;
using LatentSync.Models.Rewrites;
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
    public static IReadOnlyList<EngineBuildRequest> Requests(ModelPack pack, PackEngineOptions options) =>
        [.. Requests(pack, options, new DataHashes()).Select(engine => engine.Request)];

    /// <summary>As above, with the network of the UNet's program that each is about; null for the others.</summary>
    internal static IReadOnlyList<(EngineBuildRequest Request, UNetPart? Part)> Requests(ModelPack pack, PackEngineOptions options, DataHashes data)
    {
        ArgumentNullException.ThrowIfNull(pack);
        ArgumentNullException.ThrowIfNull(options);
        PackExtents extents = PackExtents.Of(pack, options);
        return [.. options.Networks.SelectMany(network => network == PackComponentName.UNet ? UNet(pack, options, extents, data) : [(Picture(pack, network, options, extents, data), null)])];
    }

    private static IReadOnlyList<(EngineBuildRequest Request, UNetPart? Part)> UNet(ModelPack pack, PackEngineOptions options, PackExtents extents, DataHashes data)
    {
        if (options.UNet.IsPlain)
        {
            IReadOnlyList<EngineProfile> profiles = EngineProfiles.Denoiser(
                pack.Component(PackComponentName.UNet).Inputs, options.Chunks, extents.Frames, extents.LatentSide, extents.AudioTokens);
            return [(Request(pack, PackComponentName.UNet, pack.UNetPath, new PackPreparation(data), profiles, options), UNetPart.Step)];
        }

        using UNetFile file = UNetFile.Open(pack.UNetPath);
        UNetProgram program = file.Build(options.UNet);
        ProgramProfiles ranges = new(program, options.Chunks, extents);
        return
        [
            .. program.Parts.Select(part => (
                Request(pack, UNetEngineNames.Of(part.Part), pack.UNetPath, new ProgramPreparation(options.UNet, part.Part, data), ranges.Of(part.Graph), options),
                (UNetPart?)part.Part)),
        ];
    }

    private static EngineBuildRequest Picture(ModelPack pack, string network, PackEngineOptions options, PackExtents extents, DataHashes data)
    {
        (string path, int side) = network switch
        {
            PackComponentName.VaeEncoder => (pack.VaeEncoderPath, extents.Resolution),
            PackComponentName.VaeDecoder => (pack.VaeDecoderPath, extents.LatentSide),
            _ => throw new LatentSyncException(LatentSyncError.Usage, $"no engines are made of '{network}'; give one of {string.Join(", ", PackEngineOptions.All)}"),
        };
        return Request(pack, network, path, new PackPreparation(data), EngineProfiles.Pictures(pack.Component(network).Inputs, network == PackComponentName.VaeDecoder ? Decoded : Pictures, side), options);
    }

    private static EngineBuildRequest Request(ModelPack pack, string name, string path, IModelPreparation preparation, IReadOnlyList<EngineProfile> profiles, PackEngineOptions options) => new()
    {
        Network = name,
        ModelPath = path,
        Preparation = preparation,
        Precision = PrecisionPass.Resolve(path, options.Precision, mustBeQuantized: path == pack.UNetPath),
        Profiles = profiles,
        Flags = options.Flags,
        Tuning = options.Tuning,
        TimingCachePath = options.TimingCachePath,
        Refit = options.Refit,
        Rebuild = options.Rebuild,
    };
}
