using LatentSync.Denoising;
using LatentSync.Models.Onnx;
using LatentSync.Models.Packs;
using LatentSync.Models.Rewrites;
using LatentSync.Pipeline.Calibration;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;

namespace LatentSync.Pipeline;

/// <summary>
/// The UNet on ONNX Runtime, in the form that a job asks for: rewritten in memory, its weights read from the pack's file. The latest form stays loaded.
/// Not safe for several threads.
/// </summary>
internal sealed class HostUNet : IDisposable
{
    private readonly UNetFile _model;
    private readonly ModelPack _pack;
    private readonly UNetRewrites _rewrites;
    private readonly OnnxRuntimeOptions _session;
    private readonly List<IDisposable> _loaded = [];
    private readonly int _users;
    private readonly CalibrationTap? _tap;
    private (UNetProgramOptions Form, IReadOnlyList<UNetNetworks> Networks)? _latest;

    // The few weights that a whole and a shallow step both read; mapping the others would only keep their file's pages in this process.
    private SharedWeights? _shared;
    private HashSet<string> _sharedNames = [];

    private HostUNet(ModelPack pack, UNetRewrites rewrites, OnnxRuntimeOptions session, int users, CalibrationTap? tap)
    {
        (_pack, _rewrites, _session, _users, _tap) = (pack, rewrites, session, users, tap);
        _model = UNetFile.Open(pack.UNetPath);
    }

    /// <summary>Reads the graph; weights are read when a form is loaded.</summary>
    /// <param name="pack">The pack.</param>
    /// <param name="rewrites">What may be rewritten.</param>
    /// <param name="session">Session settings.</param>
    /// <param name="users">Denoisers that run it at the same time.</param>
    /// <param name="tap">Counts the whole step's values; only without rewrites and for one user. Null for none.</param>
    /// <exception cref="LatentSyncException">A file is missing or damaged.</exception>
    public static HostUNet Open(ModelPack pack, UNetRewrites rewrites, OnnxRuntimeOptions session, int users, CalibrationTap? tap = null) =>
        new(pack, rewrites, session, users, tap);

    /// <summary>The networks for a job, once for each denoiser, on the same sessions; valid until another form is asked for.</summary>
    /// <param name="options">The job.</param>
    /// <param name="cancellationToken">Stops between two networks.</param>
    /// <exception cref="LatentSyncException">The graph cannot be rewritten, has no such branch, or ONNX Runtime refuses it.</exception>
    public IReadOnlyList<UNetNetworks> For(LipSyncOptions options, CancellationToken cancellationToken)
    {
        UNetProgramOptions form = new()
        {
            Guided = options.GuidanceScale > 1,
            CacheBranch = options.CacheInterval > 1 ? options.CacheBranch : null,
            Rewrites = Allowed(),
            DoublesExactly = options.LatentSide(_pack) % (1 << Halvings) == 0,
        };
        if (_latest is { } latest && latest.Form == form)
        {
            return latest.Networks;
        }

        UNetProgram program = _model.Build(form);
        Unload();
        Share(program);
        UNetNetworks networks = new(Load(program.Step, "step", cancellationToken))
        {
            ShallowStep = LoadIf(program.ShallowStep, "shallow", cancellationToken),
            Chunk = LoadIf(program.Chunk, "chunk", cancellationToken),
            Schedule = LoadIf(program.Schedule, "schedule", cancellationToken),
            SharesGuidance = program.SharesGuidance,
        };
        UNetNetworks[] all = [networks, .. Enumerable.Range(1, _users - 1).Select(_ => Fork(networks))];
        _latest = (form, all);
        return all;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Unload();
        _model.Dispose();
    }

    private int Halvings => _pack.Config.Model.BlockOutChannels.Count - 1;

    // With a GPU's provider, keys and values would cross the bus in every step, and its own convolutions were not measured against four small ones.
    private UNetRewrites Allowed() =>
        _session.Provider == OnnxExecutionProvider.Cpu ? _rewrites : _rewrites & ~(UNetRewrites.ChunkConstants | UNetRewrites.PhaseUpsampling);

    private IInferenceEngine? LoadIf(OnnxGraph? graph, string part, CancellationToken cancellationToken) =>
        graph is null ? null : Load(graph, part, cancellationToken);

    private IInferenceEngine Load(OnnxGraph graph, string part, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        PackComponent component = _pack.Component(PackComponentName.UNet);
        IInferenceEngine engine = _tap?.Load(component, graph, _pack.UNetPath, _session) ?? RewrittenNetwork.Load(graph, part, component, _pack.UNetPath, _session, _sharedNames, _shared);
        _loaded.Add(engine);
        return engine;
    }

    private UNetNetworks Fork(UNetNetworks networks)
    {
        return networks with
        {
            Step = Fork(networks.Step)!,
            ShallowStep = Fork(networks.ShallowStep),
            Chunk = Fork(networks.Chunk),
            Schedule = Fork(networks.Schedule),
        };

        OnnxRuntimeEngine? Fork(IInferenceEngine? engine)
        {
            if (engine is not OnnxRuntimeEngine loaded)
            {
                return null;
            }

            _loaded.Add(loaded.Fork());
            return (OnnxRuntimeEngine)_loaded[^1];
        }
    }

    private void Share(UNetProgram program)
    {
        if (program.ShallowStep is { } shallow && _session.Provider == OnnxExecutionProvider.Cpu)
        {
            _shared = new SharedWeights();
            _sharedNames = [.. program.Step.Initializers.Select(weight => weight.Name).Intersect(shallow.Initializers.Select(weight => weight.Name))];
        }
    }

    private void Unload()
    {
        _latest = null;
        foreach (IDisposable engine in _loaded)
        {
            engine.Dispose();
        }

        _loaded.Clear();
        _shared?.Dispose();
        (_shared, _sharedNames) = (null, []);
    }
}
