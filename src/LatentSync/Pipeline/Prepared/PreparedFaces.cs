using LatentSync.Pipeline.Avatars;
using LatentSync.Video;

namespace LatentSync.Pipeline.Prepared;

/// <summary>Chooses where a job's faces are looked for before they are cut and encoded.</summary>
internal static class PreparedFaces
{
    // A container's length is an estimate; the walk back may begin a little earlier than it says.
    private const int EstimateMargin = 8;

    /// <summary>The avatar's faces, or a file for the faces of a video that will or may be shown again, or nothing.</summary>
    /// <param name="options">The job.</param>
    /// <param name="video">Its video.</param>
    /// <param name="layout">The faces' sizes.</param>
    /// <param name="frames">Frames that the job denoises.</param>
    /// <param name="folder">Its folder for temporary files.</param>
    /// <param name="warn">Told once if the disk does not take them.</param>
    public static IPreparedFaces Open(LipSyncOptions options, VideoInfo video, FaceRecordLayout layout, long frames, string folder, Action<string> warn)
    {
        if (options.Avatar is { } avatar)
        {
            return new AvatarFaces(avatar.File);
        }

        VideoReaderOptions reader = JobCheck.ReaderOptions(options);
        int? length = video.EstimateFrameCount(reader.FrameRate, reader.Start, reader.Duration);
        long capacity = Capacity(length, frames, options.LoopedFacesInBytes / layout.RecordSize);
        return capacity > 0 ? LoopedFaces.Create(folder, layout, (int)capacity, warn) : new NoPreparedFaces();
    }

    // Of a video that turns once, only the frames before the turn are shown again.
    private static long Capacity(int? length, long frames, long most) => length switch
    {
        null => Math.Min(frames, most),
        { } known when known >= frames => 0,
        { } known => Math.Min(Math.Min(known, frames - known) + EstimateMargin, most),
    };
}
