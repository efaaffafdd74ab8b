using LatentSync.Denoising;
using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>Looks at a job's numbers, inputs and output without the networks: whoever mistypes a name must not wait for gigabytes of weights first.</summary>
internal static class JobCheck
{
    /// <exception cref="LatentSyncException">The job cannot work.</exception>
    public static async Task RunAsync(LipSyncOptions options, CancellationToken cancellationToken)
    {
        LipSyncOptionsValidator.Check(options);
        if (!SchedulerFactory.Names.Contains(options.Scheduler, StringComparer.OrdinalIgnoreCase))
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"--scheduler {options.Scheduler}: not known; use one of: {string.Join(", ", SchedulerFactory.Names)}");
        }

        VideoInfo video = await MediaProbe.ProbeVideoAsync(options.VideoPath, cancellationToken).ConfigureAwait(false);
        VideoReader.Validate(video, ReaderOptions(options));
        await MediaProbe.ProbeAudioAsync(options.AudioPath, cancellationToken).ConfigureAwait(false);
        if (options.OutputStream is null)
        {
            VideoWriter.CheckOutput(options.OutputPath, WriterOptions(options, video));
        }

        JobFolder.Create(options.TempDirectory).Dispose();
    }

    /// <summary>What is read of the video: of an avatar's as much as was prepared, so that frames have the same numbers.</summary>
    public static VideoReaderOptions ReaderOptions(LipSyncOptions options) => options.Avatar is { } avatar
        ? new() { FrameRate = options.FrameRate, Start = avatar.File.Info.Identity.Start, Duration = avatar.File.Info.Identity.Duration }
        : new() { FrameRate = options.FrameRate, Start = options.Start };

    public static VideoWriterOptions WriterOptions(LipSyncOptions options, VideoInfo video) => new()
    {
        FrameRate = options.FrameRate,
        Crf = options.Crf,
        Color = video.Color,
        SampleAspectRatio = video.SampleAspectRatio,
        AudioPath = options.AudioPath,
        AudioStart = options.Start,
        AudioDuration = options.Duration,
        Overwrite = options.Overwrite,
        Inputs = [options.VideoPath, options.AudioPath, .. options.Avatar is { } avatar ? [avatar.File.Path] : Array.Empty<string>()],
    };
}
