using LatentSync.Models.Onnx;
using LatentSync.Models.Packs;
using LatentSync.Models.Rewrites;
using LatentSync.Runtime;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Pipeline;

/// <summary>Finds the engines of a pack's large networks that run on a machine and take a job's shapes.</summary>
/// <param name="pack">The pack.</param>
/// <param name="cache">Where engines lie.</param>
/// <param name="target">The machine.</param>
/// <param name="resolution">Side of the job's faces in pixels.</param>
/// <param name="weights">Which engines must stream their weights.</param>
internal sealed class PackEngineFinder(ModelPack pack, EngineCache cache, EngineTarget target, int resolution, WeightBudget weights)
{
    private readonly DataHashes _data = new();

    /// <summary>Finds engines of one precision for the UNet in one of some forms, the VAE's encoder and its decoder.</summary>
    /// <param name="wanted">The precision; null takes the first that is complete: fp16, then fp32, int8, fp8.</param>
    /// <param name="forms">Forms of the UNet, the best first.</param>
    /// <param name="cancellationToken">Stops the hashing of weights.</param>
    /// <exception cref="LatentSyncException">One is missing; the message names it and the fix.</exception>
    public (EnginePrecision Precision, EngineFile Encoder, EngineFile Decoder) Find(
        EnginePrecision? wanted, IReadOnlyList<UNetProgramOptions> forms, CancellationToken cancellationToken)
    {
        IReadOnlyList<EngineCacheEntry> entries = cache.List();
        LatentSyncException? first = null;
        foreach (EnginePrecision precision in wanted is { } one ? [one] : (EnginePrecision[])[EnginePrecision.Fp16, EnginePrecision.Fp32, EnginePrecision.Int8, EnginePrecision.Fp8])
        {
            try
            {
                // Hashing reads all weights: not for a folder in which nothing fits this machine at this precision.
                if (!entries.Any(entry => entry.File?.Header.Identity is { } identity && identity.Target == target && identity.Precision == precision))
                {
                    throw Missing(PackComponentName.UNet, precision, forms[^1], entries);
                }

                FindUNet(precision, forms, cancellationToken);
                PackEngineOptions options = Options(precision, forms[^1]) with { Networks = [PackComponentName.VaeEncoder, PackComponentName.VaeDecoder] };
                EngineFile[] files = [.. FindAll(options, entries, cancellationToken).Select(found => found.File)];
                return (precision, files[0], files[1]);
            }
            catch (LatentSyncException exception)
            {
                first ??= exception;
            }
        }

        throw first!;
    }

    /// <summary>Finds the engines of the UNet in the first of some forms that is complete.</summary>
    /// <param name="precision">The precision.</param>
    /// <param name="forms">The forms, the best first.</param>
    /// <param name="cancellationToken">Stops the hashing of weights.</param>
    /// <exception cref="LatentSyncException">None is complete; the message is about the last.</exception>
    public (UNetProgramOptions Form, IReadOnlyList<(UNetPart Part, EngineFile File)> Files) FindUNet(
        EnginePrecision precision, IReadOnlyList<UNetProgramOptions> forms, CancellationToken cancellationToken)
    {
        IReadOnlyList<EngineCacheEntry> entries = cache.List();
        LatentSyncException? last = null;
        foreach (UNetProgramOptions form in forms)
        {
            try
            {
                PackEngineOptions options = Options(precision, form) with { Networks = [PackComponentName.UNet] };
                return (form, [.. FindAll(options, entries, cancellationToken).Select(found => (found.Part!.Value, found.File))]);
            }
            catch (LatentSyncException exception)
            {
                last = exception;
            }
        }

        throw last!;
    }

    private PackEngineOptions Options(EnginePrecision precision, UNetProgramOptions form) => new() { Precision = precision, Resolution = resolution, UNet = form };

    private List<(UNetPart? Part, EngineFile File)> FindAll(PackEngineOptions options, IReadOnlyList<EngineCacheEntry> entries, CancellationToken cancellationToken)
    {
        List<(UNetPart? Part, EngineFile File)> found = [];
        foreach ((EngineBuildRequest request, UNetPart? part) in PackEngines.Requests(pack, options, _data))
        {
            found.Add((part, Find(request, cancellationToken) ?? throw Missing(request.Network, options.Precision, options.UNet, entries)));
        }

        found.ForEach(engine => cache.MarkUsed(engine.File));
        return found;
    }

    private EngineFile? Find(EngineBuildRequest request, CancellationToken cancellationToken)
    {
        string version = request.Preparation.Version(request.Precision);
        IEnumerable<EngineFile> files = cache.Find(request.Preparation.Hash(request.ModelPath, cancellationToken), request.Precision, target)
            .OrderBy(file => weights.Order(file.Header.Identity.Flags));
        return files.FirstOrDefault(file => file.Header.Identity is var identity
            && identity.Preparation == version
            && weights.Takes(request.Network, identity.Flags)
            // TF32 products are not float32's: such an engine is for those who load it themselves.
            && !(request.Precision == EnginePrecision.Fp32 && identity.Flags.HasFlag(EngineFlags.Tf32))
            && request.Profiles.All(profile => identity.Profiles.Any(given => Covers(given, profile))));
    }

    // An engine for more chunks at once serves a job of one.
    private static bool Covers(EngineProfile given, EngineProfile needed) => needed.Shapes.All(shape =>
        given.Shapes.FirstOrDefault(candidate => candidate.Input == shape.Input) is { } range
        && range.Min.Count == shape.Min.Count
        && range.Min.Zip(shape.Min).All(pair => pair.First <= pair.Second)
        && range.Max.Zip(shape.Max).All(pair => pair.First >= pair.Second));

    private LatentSyncException Missing(string network, EnginePrecision precision, UNetProgramOptions form, IReadOnlyList<EngineCacheEntry> entries)
    {
        // The engine that is looked for may be among those that cannot be used.
        string refused = entries.Select(entry => entry.Refusal ?? entry.Unreadable).FirstOrDefault(reason => reason is not null) is { } refusal ? $" ({refusal})" : string.Empty;
        string name = precision.ToString().ToLowerInvariant(), size = resolution == pack.Config.Resolution ? string.Empty : $" --resolution {resolution}";
        (string kind, string option) = weights.Requires(network) ? (" that streams its weights", " --weight-streaming") : (string.Empty, string.Empty);
        return new LatentSyncException(
            LatentSyncError.Model,
            $"{cache.Folder}: no engine for this pack's {network}{kind} at {name}, {resolution} px, on {target}{refused}; build it with 'latentsync engines build --precision {name}{UNetEngineForm.BuildOptions(form)}{size}{option}'");
    }
}
