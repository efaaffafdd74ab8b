using System.Collections.Concurrent;

namespace LatentSync.Pipeline;

/// <summary>New faces into their frames; frames past the speech's end pass as they are.</summary>
internal static class PutBackStage
{
    public static void Run(BlockingCollection<SyncedFrame> frames, BlockingCollection<JobFrame> finished, long emitted, CancellationToken cancellationToken)
    {
        foreach (SyncedFrame frame in frames.GetConsumingEnumerable(cancellationToken))
        {
            if (frame.Frame.Index < emitted)
            {
                frame.Group.PutBack(frame.Index);
            }

            JobFrame done = frame.Frame;
            if (frame.IsLast)
            {
                frame.Group.Dispose();
            }

            finished.Add(done, cancellationToken);
        }

        finished.CompleteAdding();
    }
}
