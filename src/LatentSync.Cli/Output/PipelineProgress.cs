using System.Text.Json;
using LatentSync.Pipeline;

namespace LatentSync.Cli.Output;

/// <summary>Hands the pipeline's progress to a display, at once and in order (<see cref="Progress{T}"/> would post it elsewhere).</summary>
internal sealed class PipelineProgress(IProgressDisplay display) : IProgress<LipSyncProgress>
{
    public void Report(LipSyncProgress value)
    {
        if (value.Message is { } message)
        {
            display.Note(message);
            return;
        }

        display.Report(new ProgressLine(Name(value.Stage), value.FramesDone, value.FramesTotal, "frames", value.Fraction, value.Elapsed)
        {
            Key = Key(value.Stage),
            Rate = value.FramesPerSecond,
            Remaining = value.Remaining,
        });
    }

    /// <summary>A stage's name in JSON.</summary>
    public static string Key(LipSyncStage stage) => JsonNamingPolicy.CamelCase.ConvertName(stage.ToString());

    /// <summary>A stage's name as a person reads it.</summary>
    public static string Name(LipSyncStage stage) => stage switch
    {
        LipSyncStage.Audio => "speech features",
        LipSyncStage.VideoDecode => "video decode",
        LipSyncStage.Faces => "faces",
        LipSyncStage.VaeEncode => "VAE encode",
        LipSyncStage.Denoising => "denoising",
        LipSyncStage.VaeDecode => "VAE decode",
        LipSyncStage.Compositing => "put-back",
        LipSyncStage.VideoEncode => "video encode",
        _ => stage.ToString(),
    };
}
