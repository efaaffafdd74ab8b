using LatentSync.Faces;
using LatentSync.Models.Packs;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>
/// Scores how a presenter's mouth follows the speech where the wanted mouth is known: the correlation between the measured mouth opening
/// (<see cref="MouthOpening"/>) and the openness in a table, frame by frame. The demo pack's README defines it for the drawn presenters.
/// </summary>
public static class LipSyncScorer
{
    /// <summary>Scores a video.</summary>
    /// <param name="videoPath">The video, read at its own rate; frame i is compared with row i.</param>
    /// <param name="mouthTablePath">CSV with a column <c>openness</c>, 0 to 1, a row a frame.</param>
    /// <param name="packPath">The model pack whose face networks measure.</param>
    /// <param name="cancellationToken">Stops the networks.</param>
    /// <returns>The score over the frames that both have and in which a face was found.</returns>
    /// <exception cref="LatentSyncException">An input cannot be read, or no frame shows a face.</exception>
    public static async Task<LipSyncScore> ScoreAsync(string videoPath, string mouthTablePath, string packPath, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<double> wanted = MouthTable.ReadOpenness(mouthTablePath);
        ModelPack pack = ModelPack.Open(packPath);
        using FaceAnalyzer analyzer = FaceAnalyzer.Load(pack.DetectorPath, pack.LandmarksPath, new OnnxRuntimeOptions());
        VideoInfo video = await MediaProbe.ProbeVideoAsync(videoPath, cancellationToken).ConfigureAwait(false);
        await using VideoReader reader = VideoReader.Open(video, new VideoReaderOptions { FrameRate = video.FrameRate });

        List<double> opening = [], openness = [];
        int count = 0;
        while (count < wanted.Count && await reader.ReadFrameAsync(cancellationToken).ConfigureAwait(false) is { } read)
        {
            using VideoFrame frame = read;
            FaceObservation observation = analyzer.Observe(frame.Image, cancellationToken);
            if (observation.HasFace)
            {
                opening.Add(MouthOpening.Measure(observation.Landmarks));
                openness.Add(wanted[count]);
            }

            count++;
        }

        return opening.Count > 1
            ? new LipSyncScore(PearsonCorrelation.Of(opening, openness), count, opening.Count)
            : throw new LatentSyncException(LatentSyncError.Media, $"{videoPath}: {opening.Count} of {count} frames show a face; nothing can be scored");
    }
}
