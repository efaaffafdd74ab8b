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
    /// <param name="onFace">Told of each face frame and its index in its group before the next frame is asked for, so that work on it need not wait for the group.</param>
    public static IEnumerable<IReadOnlyList<JobFrame>> Group(IEnumerable<JobFrame> frames, int chunkLength, Action<JobFrame, int>? onFace = null)
    {
        List<JobFrame> group = new(chunkLength);
        foreach (JobFrame frame in frames)
        {
            if (!frame.HasFace)
            {
                if (group.Count > 0)
                {
                    yield return group;
                    group = new(chunkLength);
                }

                yield return [frame];
                continue;
            }

            group.Add(frame);
            onFace?.Invoke(frame, group.Count - 1);
            if (group.Count == chunkLength)
            {
                yield return group;
                group = new(chunkLength);
            }
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }
}
