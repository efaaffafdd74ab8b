using LatentSync.Models.Packs;
using LatentSync.Models.Precision;
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
    private readonly PackPreparation _preparation = new();
    private readonly Dictionary<string, GraphHash> _hashes = new(StringComparer.Ordinal);

    /// <summary>Finds engines of one precision for UNet, VAE encoder and VAE decoder, in that order.</summary>
    /// <param name="wanted">The precision; null takes the first that is complete: fp16, then fp32, int8, fp8.</param>
    /// <param name="cancellationToken">Stops the hashing of weights.</param>
    /// <exception cref="LatentSyncException">One is missing; the message names it and the fix.</exception>
    public (EnginePrecision Precision, IReadOnlyList<EngineFile> Files) Find(EnginePrecision? wanted, CancellationToken cancellationToken)
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
                    throw Missing(PackComponentName.UNet, precision, entries);
                }

                EngineFile[] files = [.. PackEngines.Requests(pack, new PackEngineOptions { Precision = precision, Resolution = resolution })
                    .Select(request => Find(request, cancellationToken) ?? throw Missing(request.Network, precision, entries))];
                Array.ForEach(files, cache.MarkUsed);
                return (precision, files);
            }
            catch (LatentSyncException exception)
            {
                first ??= exception;
            }
        }

        throw first!;
    }

    private EngineFile? Find(EngineBuildRequest request, CancellationToken cancellationToken)
    {
        if (!_hashes.TryGetValue(request.ModelPath, out GraphHash? hash))
        {
            hash = _preparation.Hash(request.ModelPath, cancellationToken);
            _hashes.Add(request.ModelPath, hash);
        }

        string version = _preparation.Version(request.Precision);
        IEnumerable<EngineFile> files = cache.Find(hash, request.Precision, target).OrderBy(file => weights.Order(file.Header.Identity.Flags));
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

    private LatentSyncException Missing(string network, EnginePrecision precision, IReadOnlyList<EngineCacheEntry> entries)
    {
        // The engine that is looked for may be among those that cannot be used.
        string refused = entries.Select(entry => entry.Refusal ?? entry.Unreadable).FirstOrDefault(reason => reason is not null) is { } refusal ? $" ({refusal})" : string.Empty;
        string name = precision.ToString().ToLowerInvariant(), size = resolution == pack.Config.Resolution ? string.Empty : $" --resolution {resolution}";
        (string kind, string option) = weights.Requires(network) ? (" that streams its weights", " --weight-streaming") : (string.Empty, string.Empty);
        return new LatentSyncException(
            LatentSyncError.Model,
            $"{cache.Folder}: no engine for this pack's {network}{kind} at {name}, {resolution} px, on {target}{refused}; build it with 'latentsync engines build --precision {name}{size}{option}'");
    }
}
