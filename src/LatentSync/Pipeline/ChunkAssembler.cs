using System.Runtime.CompilerServices;

namespace LatentSync.Pipeline;

/// <summary>
/// Cuts the stream of frames into groups that are denoised together: up to 16 consecutive face frames. A frame without a face ends the group and
/// is passed on in one of its own, so that a chunk never spans a gap; a run of one face frame is a group too. Without gaps the groups are the original's.
/// </summary>
internal static class ChunkAssembler
{
    /// <summary>Groups frames, keeping their order.</summary>
    /// <param name="frames">Frames in output order.</param>
    /// <param name="chunkLength">Most frames in a group: <c>data.num_frames</c> of the configuration, 16.</param>
    /// <param name="cancellationToken">Stops the wait for frames.</param>
    public static async IAsyncEnumerable<IReadOnlyList<JobFrame>> GroupAsync(
        IAsyncEnumerable<JobFrame> frames, int chunkLength, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<JobFrame> group = [];
        await foreach (JobFrame frame in frames.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (!frame.HasFace)
            {
                if (group.Count > 0)
                {
                    yield return group;
                    group = [];
                }

                yield return [frame];
                continue;
            }

            group.Add(frame);
            if (group.Count == chunkLength)
            {
                yield return group;
                group = [];
            }
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }
}
