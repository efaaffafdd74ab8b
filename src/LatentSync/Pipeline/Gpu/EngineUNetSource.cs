using LatentSync.Denoising;
using LatentSync.Models.Costs;
using LatentSync.Models.Packs;
using LatentSync.Models.Rewrites;
using LatentSync.Runtime;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Pipeline.Gpu;

/// <summary>The UNet's networks as TensorRT's engines.</summary>
/// <param name="pack">The pack.</param>
/// <param name="finder">Finds engines.</param>
/// <param name="precision">Their precision.</param>
/// <param name="load">Loads an engine.</param>
internal sealed class EngineUNetSource(
    ModelPack pack, PackEngineFinder finder, EnginePrecision precision, Func<EngineFile, CancellationToken, IDeviceNetwork> load) : IDeviceUNetSource
{
    /// <inheritdoc/>
    public UNetProgramOptions Find(IReadOnlyList<UNetProgramOptions> forms, CancellationToken cancellationToken) =>
        finder.FindUNet(precision, forms, cancellationToken).Form;

    /// <inheritdoc/>
    public DeviceUNetNetworks Load(UNetProgramOptions form, CancellationToken cancellationToken)
    {
        IReadOnlyList<TensorContract> packed = pack.Component(PackComponentName.UNet).Inputs;
        Dictionary<UNetPart, IDeviceNetwork> networks = [];
        try
        {
            foreach ((UNetPart part, EngineFile file) in finder.FindUNet(precision, [form], cancellationToken).Files)
            {
                networks.Add(part, load(file, cancellationToken));
            }

            if (form.IsPlain)
            {
                return new DeviceUNetNetworks(networks[UNetPart.Step], packed);
            }

            using UNetFile model = UNetFile.Open(pack.UNetPath);
            UNetProgram program = model.Build(form);
            return new DeviceUNetNetworks(networks[UNetPart.Step], ProgramInputs.Of(program, packed))
            {
                Schedule = networks.GetValueOrDefault(UNetPart.Schedule),
                Chunk = networks.GetValueOrDefault(UNetPart.Chunk),
                ShallowStep = networks.GetValueOrDefault(UNetPart.ShallowStep),
                SharesGuidance = program.SharesGuidance,
                Shapes = extents => ProgramShapes.Of(program, extents.Symbols),
            };
        }
        catch
        {
            foreach (IDeviceNetwork network in networks.Values)
            {
                network.Dispose();
            }

            throw;
        }
    }
}
