using LatentSync.Runtime.Exceptions;

namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>
/// Makes engines, or finds that they are there. Of several processes that want the same engine one builds and the others wait for it. What a build writes is
/// seen by others whole or not at all, and what a killed build left is removed by the next.
/// </summary>
/// <param name="cache">Where engines are kept.</param>
/// <param name="planBuilder">Makes plans.</param>
public sealed class EngineBuilder(EngineCache cache, IPlanBuilder planBuilder)
{
    private static readonly string s_createdBy = $"latentsync {typeof(EngineBuilder).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>Makes an engine unless it is there.</summary>
    /// <param name="request">The engine.</param>
    /// <param name="progress">Told where the work is, on any thread; may be null.</param>
    /// <param name="log">Receives notes and what TensorRT says, on any thread; may be null.</param>
    /// <param name="cancellationToken">Stops waiting, preparing and building; what was written is removed.</param>
    /// <exception cref="EngineBuildException">TensorRT refuses the network.</exception>
    /// <exception cref="LatentSyncException">Something is missing, damaged, or cannot be written; the message names it and the fix.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public async Task<EngineBuildResult> BuildAsync(
        EngineBuildRequest request, IProgress<EngineBuildProgress>? progress = null, Action<EngineLogLine>? log = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        void Report(EngineBuildStage stage) => progress?.Report(new EngineBuildProgress(request.Network, stage, null, 0));
        Report(EngineBuildStage.Hashing);
        EngineIdentity identity = await Task.Run(() => Identify(request, cancellationToken), cancellationToken).ConfigureAwait(false);
        string path = cache.PathOf(identity);
        using EngineLock held = await cache.LockAsync(path, () => Report(EngineBuildStage.Waiting), cancellationToken).ConfigureAwait(false);
        if (await Task.Run(() => Reuse(request, identity, log, cancellationToken), cancellationToken).ConfigureAwait(false) is { } there)
        {
            return new EngineBuildResult(there, EngineBuildOutcome.Reused);
        }

        string name = Path.GetFileName(path);
        foreach (string leftover in PartialFiles.Of(cache.Folder, name))
        {
            PartialFiles.TryDelete(leftover);
        }

        string work = PartialFiles.NewPath(cache.Folder, name);
        try
        {
            Report(EngineBuildStage.Preparing);
            string model = await Task.Run(() => Prepare(request, work, cancellationToken), cancellationToken).ConfigureAwait(false);
            Work job = new(request, identity, model, path, progress, log);
            await (request.Refit ? RefitAsync(job, cancellationToken) : BuildAsync(job, cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            PartialFiles.TryDelete(work);
        }

        return new EngineBuildResult(EngineFile.Open(path), request.Refit ? EngineBuildOutcome.Refitted : EngineBuildOutcome.Built);
    }

    private EngineIdentity Identify(EngineBuildRequest request, CancellationToken cancellationToken) => new()
    {
        Graph = request.Preparation.Hash(request.ModelPath, cancellationToken),
        Precision = request.Precision,
        Preparation = request.Preparation.Version(request.Precision),
        Target = planBuilder.Target,
        Profiles = request.Profiles,
        Flags = request.Refit ? request.Flags | EngineFlags.Refittable : request.Flags,
    };

    // An engine that cannot be used is replaced, not complained about: building it is what was asked for.
    private EngineFile? Reuse(EngineBuildRequest request, EngineIdentity identity, Action<EngineLogLine>? log, CancellationToken cancellationToken)
    {
        try
        {
            if (request.Rebuild || cache.TryOpen(identity) is not { } file || (!request.Refit && (file.Header.Tuning != request.Tuning || file.Header.IsRefitted)))
            {
                return null;
            }

            file.Verify(cancellationToken);
            return file;
        }
        catch (PlanRefusedException exception)
        {
            log?.Invoke(new EngineLogLine(EngineLogSeverity.Warning, exception.Message));
            return null;
        }
    }

    private string Prepare(EngineBuildRequest request, string folder, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Output, $"{folder}: cannot be made ({exception.Message}); choose a folder you may write to with --engines", exception);
        }

        return request.Preparation.Prepare(request.ModelPath, request.Precision, folder, cancellationToken);
    }

    private async Task BuildAsync(Work work, CancellationToken cancellationToken)
    {
        TimingCacheFile timing = work.Request.TimingCachePath is { } chosen ? new TimingCacheFile(chosen) : TimingCacheFile.In(cache, planBuilder.Target);
        using BuiltPlan plan = await Task.Run(() => BuildPlan(work, timing.Read(), cancellationToken), cancellationToken).ConfigureAwait(false);
        await Task.Run(() => Write(work, plan.Content, isRefitted: false, cancellationToken), cancellationToken).ConfigureAwait(false);
        try
        {
            await timing.AddAsync(plan.TimingCache, planBuilder.MergeTimingCaches, cancellationToken).ConfigureAwait(false);
        }
        catch (LatentSyncException exception)
        {
            // The engine is there already; the next build only measures again.
            work.Log?.Invoke(new EngineLogLine(EngineLogSeverity.Warning, $"the engine was built, but what was measured is not kept: {exception.Message}"));
        }
    }

    private BuiltPlan BuildPlan(Work work, byte[] timingCache, CancellationToken cancellationToken)
    {
        BuildFraction fraction = new();
        Forward<EngineBuildStep>? steps = work.Progress is { } progress
            ? new(step => progress.Report(new EngineBuildProgress(work.Request.Network, EngineBuildStage.Building, step.Phase, fraction.Update(step))))
            : null;
        PlanRequest request = new(work.ModelPath, work.Identity.Profiles, work.Identity.Flags, work.Request.Tuning, timingCache);
        try
        {
            return planBuilder.Build(request, steps, work.Log, cancellationToken);
        }
        catch (PlanRefusedException exception) when (timingCache.Length > 0)
        {
            work.Log?.Invoke(new EngineLogLine(EngineLogSeverity.Warning, $"built without the timing cache, which does not fit: {exception.Message}"));
            return planBuilder.Build(request with { TimingCache = default }, steps, work.Log, cancellationToken);
        }
    }

    private Task RefitAsync(Work work, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            EngineFile source = cache.FindRefittable(work.Identity) ?? throw new LatentSyncException(
                LatentSyncError.Model,
                $"{work.Request.ModelPath}: no refittable engine of the same graph, precision and profiles in {cache.Folder}; build one with 'latentsync engines build --refittable'");
            work.Progress?.Report(new EngineBuildProgress(work.Request.Network, EngineBuildStage.Refitting, null, 0));
            using Stream plan = planBuilder.Refit(source.Path, work.ModelPath, work.Log, cancellationToken);
            Write(work with { Tuning = source.Header.Tuning }, plan, isRefitted: true, cancellationToken);
        },
        cancellationToken);

    private void Write(Work work, Stream plan, bool isRefitted, CancellationToken cancellationToken)
    {
        // The network may have been imported again meanwhile: such an engine would bear a key that is not its own.
        if (work.Request.Preparation.Hash(work.Request.ModelPath, cancellationToken) != work.Identity.Graph)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{work.Request.ModelPath}: changed while its engine was built; build it again");
        }

        work.Progress?.Report(new EngineBuildProgress(work.Request.Network, EngineBuildStage.Writing, null, 1));
        EngineHeader header = new()
        {
            Network = work.Request.Network,
            Identity = work.Identity,
            Tuning = work.Tuning ?? work.Request.Tuning,
            CreatedBy = s_createdBy,
            IsRefitted = isRefitted,
        };
        EngineFile.Write(work.Path, PartialFiles.NewPath(cache.Folder, Path.GetFileName(work.Path)), header, plan, cancellationToken);
    }

    private sealed record Work(
        EngineBuildRequest Request, EngineIdentity Identity, string ModelPath, string Path, IProgress<EngineBuildProgress>? Progress, Action<EngineLogLine>? Log)
    {
        /// <summary>The tuning that the plan was built with; null for the request's.</summary>
        public EngineTuning? Tuning { get; init; }
    }

    // Progress<T> would post it elsewhere, out of order.
    private sealed class Forward<T>(Action<T> to) : IProgress<T>
    {
        public void Report(T value) => to(value);
    }
}
