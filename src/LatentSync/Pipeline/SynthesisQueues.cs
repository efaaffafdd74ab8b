using System.Collections.Concurrent;

namespace LatentSync.Pipeline;

/// <summary>What new faces are made between: frames come in and go out in output order, and every queue is bounded.</summary>
/// <param name="Frames">Frames with their transforms.</param>
/// <param name="Synced">Receives all of them, to be put back and dropped or encoded.</param>
/// <param name="Emitted">Frames from this index on are dropped before put-back: they need no new face.</param>
/// <param name="ChunkLength">Most frames that are denoised together.</param>
/// <param name="Progress">Told of the work.</param>
internal sealed record SynthesisQueues(
    BlockingCollection<JobFrame> Frames, BlockingCollection<SyncedFrame> Synced, long Emitted, int ChunkLength, JobProgress Progress);
