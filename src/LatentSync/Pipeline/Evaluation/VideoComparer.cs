using System.Collections.Concurrent;
using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Pipeline.Evaluation;

/// <summary>
/// Compares a video with a reference, frame by frame: PSNR, SSIM and, with a model pack's face networks, PSNR of face and mouth and the mouth's flicker.
/// Both are streamed; memory does not grow with their length.
/// </summary>
public static class VideoComparer
{
    /// <summary>Compares two videos of one size. Both are read at the reference's frame rate; frame i is compared with frame i, as far as both go.</summary>
    /// <param name="videoPath">The video to judge.</param>
    /// <param name="referencePath">What it should look like; faces are looked for here, so that the same pixels count whatever the video shows.</param>
    /// <param name="packPath">The model pack whose face networks and resolution are used; null leaves faces and mouths out.</param>
    /// <param name="cancellationToken">Stops the comparison.</param>
    /// <exception cref="LatentSyncException">
    /// <see cref="LatentSyncError.Media"/>: a video cannot be read to its end, the sizes differ, or the pictures are under 11 pixels wide or high;
    /// <see cref="LatentSyncError.Model"/>: the pack or its networks cannot be loaded.
    /// </exception>
    public static async Task<VideoComparison> CompareAsync(
        string videoPath, string referencePath, string? packPath = null, CancellationToken cancellationToken = default)
    {
        VideoInfo video = await MediaProbe.ProbeVideoAsync(videoPath, cancellationToken).ConfigureAwait(false);
        VideoInfo reference = await MediaProbe.ProbeVideoAsync(referencePath, cancellationToken).ConfigureAwait(false);
        CheckSizes(video, reference);
        ConcurrentQueue<string> notes = new();
        Rational rate = reference.FrameRate.IsPositive ? reference.FrameRate : Rational.Fps25;
        if (video.FrameRate != reference.FrameRate)
        {
            notes.Enqueue(FormattableString.Invariant(
                $"'{Show(video)}' has {video.FrameRate.Value:0.###} frames per second, the reference {reference.FrameRate.Value:0.###}: both were read at {rate.Value:0.###}"));
        }

        using ReferenceFaces? faces = packPath is null ? null : new ReferenceFaces(packPath);
        using FrameComparer comparer = new(reference.Width, reference.Height, faces);
        VideoReaderOptions options = new() { FrameRate = rate, Warning = notes.Enqueue };
        await using (VideoReader videoReader = VideoReader.Open(video, options))
        await using (VideoReader referenceReader = VideoReader.Open(reference, options))
        {
            if (await AddAllAsync(comparer, videoReader, referenceReader, cancellationToken).ConfigureAwait(false) is { } longer)
            {
                notes.Enqueue($"'{Show(longer)}' is longer than the other: only its first {comparer.Count} frames were compared");
            }
        }

        if (faces is not null && comparer.MissingFaces > 0)
        {
            notes.Enqueue($"'{Show(reference)}' shows no usable face in {comparer.MissingFaces} of {comparer.Count} frames: they count for no face or mouth");
        }

        return comparer.Result([.. notes]);
    }

    /// <summary>Adds pairs until one video ends; returns the one that goes on, or null if they end together.</summary>
    private static async Task<VideoInfo?> AddAllAsync(FrameComparer comparer, VideoReader videoReader, VideoReader referenceReader, CancellationToken cancellationToken)
    {
        while (true)
        {
            VideoFrame? video = await videoReader.ReadFrameAsync(cancellationToken).ConfigureAwait(false);
            VideoFrame? reference;
            try
            {
                reference = await referenceReader.ReadFrameAsync(cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                video?.Dispose();
                throw;
            }

            if (video is null || reference is null)
            {
                VideoInfo? longer = video is not null ? videoReader.Info : reference is not null ? referenceReader.Info : null;
                video?.Dispose();
                reference?.Dispose();
                return longer;
            }

            comparer.Add(video, reference, cancellationToken);
        }
    }

    private static void CheckSizes(VideoInfo video, VideoInfo reference)
    {
        if ((video.Width, video.Height) != (reference.Width, reference.Height))
        {
            throw new LatentSyncException(
                LatentSyncError.Media,
                $"'{Show(video)}' is {video.Width}x{video.Height} and '{Show(reference)}' {reference.Width}x{reference.Height}: pixels are compared one by one, scale one video to the other's size");
        }

        if (Math.Min(video.Width, video.Height) < StructuralSimilarity.Window)
        {
            throw new LatentSyncException(
                LatentSyncError.Media,
                $"'{Show(video)}' is {video.Width}x{video.Height}: give videos of at least {StructuralSimilarity.Window}x{StructuralSimilarity.Window}, the window of SSIM");
        }
    }

    private static string Show(VideoInfo video) => MediaPath.Show(video.Path);
}
