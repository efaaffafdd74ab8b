using LatentSync.Pipeline.Avatars;

namespace LatentSync.Cli.Output;

/// <summary>Hands the making of an avatar to a display.</summary>
internal sealed class AvatarProgressView(IProgressDisplay display) : IProgress<AvatarProgress>
{
    public void Report(AvatarProgress value)
    {
        double pace = value.FramesDone / Math.Max(1e-3, value.Elapsed.TotalSeconds);
        double fraction = value.FramesTotal > 0 ? (double)value.FramesDone / value.FramesTotal : 0;
        display.Report(new ProgressLine("faces and latents", value.FramesDone, value.FramesTotal, "frames", fraction, value.Elapsed)
        {
            Key = "avatar",
            Rate = pace,
            Remaining = value.FramesTotal > 0 ? TimeSpan.FromSeconds((value.FramesTotal - value.FramesDone) / pace) : null,
        });
    }
}
