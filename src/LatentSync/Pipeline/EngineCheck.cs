using LatentSync.Models.Precision;
using LatentSync.Runtime;
using LatentSync.Runtime.Diagnostics;
using LatentSync.Runtime.TensorRt;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Pipeline;

/// <summary>Looks which engines of a folder this machine can run.</summary>
internal static class EngineCheck
{
    // As 'engines list' shows keys.
    private const int KeyDigits = 12;

    private static readonly PackPreparation s_preparation = new();

    /// <summary>How many fit, and each of them with why it does not; headers are read, plans are not.</summary>
    public static IReadOnlyList<ProbeResult> Run(string? folder)
    {
        EngineCache cache = new(folder);
        try
        {
            (IReadOnlyList<EngineTarget> targets, string? missing) = Targets();
            ProbeResult[] engines = [.. cache.List().Select(entry => Look(entry, targets, missing))];
            return [Count(cache.Folder, engines), .. engines];
        }
        catch (LatentSyncException exception)
        {
            return [new ProbeResult("engines", false, exception.Message, "name another folder with --engines")];
        }
    }

    private static ProbeResult Count(string folder, ProbeResult[] engines)
    {
        int fitting = engines.Count(engine => engine.Found);
        string detail = engines.Length == 0 ? $"none in {folder}" : $"{fitting} of {engines.Length} in {folder} can be run here";
        return new ProbeResult("engines", fitting > 0, detail, fitting > 0 ? string.Empty : "make some with 'latentsync engines build --models PACK'");
    }

    private static ProbeResult Look(EngineCacheEntry entry, IReadOnlyList<EngineTarget> targets, string? missing)
    {
        if (entry.File is not { } file)
        {
            string name = $"engine {Path.GetFileName(entry.Path)}";
            return entry.Refusal is { } refusal
                ? new ProbeResult(name, false, refusal, "remove it with 'latentsync engines prune'")
                : new ProbeResult(name, false, entry.Unreadable!, "let this user read it, or build the engine again with 'latentsync engines build'");
        }

        EngineHeader header = file.Header;
        string what = $"{header.Network} {header.Identity.Precision.ToString().ToLowerInvariant()}{(header.IsRefitted ? " (refitted)" : string.Empty)}";
        string? reason = missing ?? Reason(header.Identity, targets);
        return reason is null
            ? new ProbeResult(Name(entry.Path), true, $"{what}, {header.Identity.Target}", string.Empty)
            : new ProbeResult(Name(entry.Path), false, $"{what}: {reason}", "build it for this machine with 'latentsync engines build'");
    }

    private static string? Reason(EngineIdentity identity, IReadOnlyList<EngineTarget> targets)
    {
        // Of several GPUs the one that it is for, or the first.
        EngineTarget nearest = targets.FirstOrDefault(target => target.Gpu == identity.Target.Gpu) ?? targets[0];
        return identity.Target.MismatchWith(nearest) is { } mismatch
            ? $"it is for {mismatch}"
            : identity.Preparation == s_preparation.Version(identity.Precision) ? null : "another version of latentsync made its graph ready";
    }

    // The engines of one refittable key differ in what follows the key.
    private static string Name(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        return name.Length > KeyDigits ? $"engine {name[..KeyDigits]}{Path.GetExtension(name)}" : $"engine {name}";
    }

    private static (IReadOnlyList<EngineTarget> Targets, string? Missing) Targets()
    {
        try
        {
            return (TensorRtMachine.FindTargets(), null);
        }
        catch (LatentSyncException)
        {
            // What is missing, and its fix, is a finding of its own.
            return ([], "this machine has no TensorRT with a GPU that could run it");
        }
    }
}
