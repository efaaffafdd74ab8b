using LatentSync.Denoising;
using LatentSync.Models.Costs;
using LatentSync.Models.Packs;
using LatentSync.Models.Rewrites;
using LatentSync.Pipeline;
using LatentSync.Pipeline.Gpu;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline;

/// <summary>The UNet's networks in the memory of the driver's double, run by ONNX Runtime.</summary>
/// <param name="pack">The pack.</param>
/// <param name="has">Which forms are there.</param>
internal sealed class OnnxUNetSource(ModelPack pack, Func<UNetProgramOptions, bool> has) : IDeviceUNetSource
{
    private readonly List<(UNetPart Part, HostFunctionNetwork Network)> _loaded = [];

    /// <summary>Forms that were loaded.</summary>
    public List<UNetProgramOptions> Loads { get; } = [];

    /// <summary>Steps that were run, whole ones and others.</summary>
    public int RunCount => Runs(UNetPart.Step) + Runs(UNetPart.ShallowStep);

    /// <summary>Runs of one of the networks, in any form.</summary>
    public int Runs(UNetPart part) => _loaded.Where(network => network.Part == part).Sum(network => network.Network.RunCount);

    public UNetProgramOptions Find(IReadOnlyList<UNetProgramOptions> forms, CancellationToken cancellationToken) =>
        forms.FirstOrDefault(has) ?? throw new LatentSyncException(LatentSyncError.Model, $"the double has no{UNetEngineForm.BuildOptions(forms[^1])} networks; build them");

    public DeviceUNetNetworks Load(UNetProgramOptions form, CancellationToken cancellationToken)
    {
        Loads.Add(form);
        using UNetFile file = UNetFile.Open(pack.UNetPath);
        UNetProgram program = file.Build(form);
        PackComponent component = pack.Component(PackComponentName.UNet);
        Dictionary<UNetPart, HostFunctionNetwork> networks = [];
        foreach ((UNetPart part, LatentSync.Models.Onnx.OnnxGraph graph) in program.Parts)
        {
            HostFunctionNetwork network = new(RewrittenNetwork.Load(graph, part.ToString(), component, pack.UNetPath, new OnnxRuntimeOptions()));
            networks.Add(part, network);
            _loaded.Add((part, network));
        }

        return new DeviceUNetNetworks(networks[UNetPart.Step], ProgramInputs.Of(program, component.Inputs))
        {
            Schedule = networks.GetValueOrDefault(UNetPart.Schedule),
            Chunk = networks.GetValueOrDefault(UNetPart.Chunk),
            ShallowStep = networks.GetValueOrDefault(UNetPart.ShallowStep),
            SharesGuidance = program.SharesGuidance,
            Shapes = extents => ProgramShapes.Of(program, extents.Symbols),
        };
    }
}
