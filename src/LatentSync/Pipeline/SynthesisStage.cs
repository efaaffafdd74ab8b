namespace LatentSync.Pipeline;

/// <summary>New faces group by group on one thread: for a device, which does not keep its caller waiting for the work itself.</summary>
internal static class SynthesisStage
{
    /// <summary>Makes new faces for a group, or starts to.</summary>
    /// <param name="group">Frames with faces that are denoised together.</param>
    /// <param name="emitted">Frames from this index on are dropped before put-back and not decoded.</param>
    /// <param name="onWork">Told of what is being done, and of the work done on the group so far in whole frames.</param>
    /// <param name="cancellationToken">Stops the networks.</param>
    public delegate ISyncedGroup Synthesizer(IReadOnlyList<JobFrame> group, long emitted, Action<LipSyncStage, double> onWork, CancellationToken cancellationToken);

    public static void Run(SynthesisQueues queues, Synthesizer synthesize, CancellationToken cancellationToken)
    {
        foreach (IReadOnlyList<JobFrame> group in ChunkAssembler.Group(queues.Frames.GetConsumingEnumerable(cancellationToken), queues.ChunkLength))
        {
            double told = 0;
            void OnWork(LipSyncStage stage, double frames)
            {
                queues.Progress.Worked(stage, frames - told);
                told = frames;
            }

            ISyncedGroup synced = group[0].HasFace ? synthesize(group, queues.Emitted, OnWork, cancellationToken) : new UntouchedGroup(group);
            OnWork(LipSyncStage.Denoising, group.Count);
            for (int i = 0; i < group.Count; i++)
            {
                queues.Synced.Add(new SyncedFrame(synced, i), cancellationToken);
            }
        }

        queues.Synced.CompleteAdding();
    }
}
