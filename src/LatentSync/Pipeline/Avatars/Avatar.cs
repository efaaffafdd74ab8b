using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Pipeline.Avatars;

/// <summary>
/// An avatar with its video: all that a job needs besides speech, looked at once and good for any number of jobs. The avatar holds transforms, aligned faces
/// and latents; the pixels around the face still come from the video, which must be the very file that the avatar was made of.
/// </summary>
public sealed class Avatar : IDisposable
{
    private readonly (long Length, DateTime Written) _video;

    private Avatar(AvatarFile file, string videoPath)
    {
        (File, VideoPath, _video) = (file, videoPath, State(videoPath));
    }

    /// <summary>The avatar on disk.</summary>
    public AvatarFile File { get; }

    /// <summary>The video, an absolute path; its contents are those that the avatar was made of.</summary>
    public string VideoPath { get; }

    /// <summary>The rate of jobs with this avatar, in frames per second.</summary>
    public Rational FrameRate => Rational.TryParse(File.Info.Identity.FrameRate, out Rational rate) ? rate : default;

    /// <summary>Opens an avatar, checks every byte of it and finds its video.</summary>
    /// <param name="path">The avatar.</param>
    /// <param name="videoPath">The video; null looks where it was when the avatar was made, then for one of that name beside the avatar.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="LatentSyncException">
    /// <see cref="LatentSyncError.Model"/>: the avatar is missing, damaged or of another version; <see cref="LatentSyncError.Media"/>: the video is missing or another.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public static async Task<Avatar> OpenAsync(string path, string? videoPath = null, CancellationToken cancellationToken = default)
    {
        AvatarFile file = await Task.Run(() => AvatarFile.Open(path, cancellationToken), cancellationToken).ConfigureAwait(false);
        try
        {
            string video = Path.GetFullPath(videoPath ?? Find(file));
            (string hash, long size) = await MediaHash.ComputeAsync(video, "video", cancellationToken).ConfigureAwait(false);
            return (hash, size) == (file.Info.Identity.VideoSha256, file.Info.Identity.VideoSizeInBytes)
                ? new Avatar(file, video)
                : throw new LatentSyncException(
                    LatentSyncError.Media,
                    $"'{MediaPath.Show(video)}' is not the video that the avatar '{MediaPath.Show(path)}' was made of: name that with --video, or make the avatar again");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => File.Dispose();

    /// <summary>A service may hold an avatar for days: hashing the video for each job would cost seconds, looking at its length and time costs nothing.</summary>
    /// <exception cref="LatentSyncException">The video was written since the avatar was opened.</exception>
    internal void RequireSameVideo()
    {
        if (State(VideoPath) != _video)
        {
            throw new LatentSyncException(LatentSyncError.Media, $"'{MediaPath.Show(VideoPath)}' has changed since its avatar was opened: open the avatar again");
        }
    }

    private static string Find(AvatarFile file)
    {
        string beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file.Path))!, Path.GetFileName(file.Info.VideoPath));
        if (System.IO.File.Exists(file.Info.VideoPath) || !System.IO.File.Exists(beside))
        {
            return file.Info.VideoPath.Length > 0 ? file.Info.VideoPath : throw AvatarFileCheck.Refused(file.Path, "it does not name its video");
        }

        return beside;
    }

    private static (long Length, DateTime Written) State(string path)
    {
        FileInfo info = new(path);
        return info.Exists ? (info.Length, info.LastWriteTimeUtc) : default;
    }
}
