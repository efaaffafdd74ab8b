using System.Text.Json;
using LatentSync.Models.Graphs;
using LatentSync.Runtime;

namespace LatentSync.Models.Configuration;

/// <summary>
/// The original's YAML configuration (<c>configs/unet/stage2.yaml</c> and its kin), as far as inference needs it. Defaults are the
/// original's. Immutable.
/// </summary>
public sealed record LatentSyncConfig
{
    /// <summary>Frames denoised together (<c>data.num_frames</c>), at least 1.</summary>
    public int NumFrames { get; init; } = 16;

    /// <summary>Side of the square face crop in pixels (<c>data.resolution</c>): 256 in LatentSync 1.0 and 1.5, 512 in 1.6.</summary>
    public required int Resolution { get; init; }

    /// <summary>Frames per second that the model was trained at (<c>data.video_fps</c>).</summary>
    public int VideoFps { get; init; } = 25;

    /// <summary>Samples per second of the speech (<c>data.audio_sample_rate</c>); Whisper knows 16000 only.</summary>
    public int AudioSampleRate { get; init; } = 16000;

    /// <summary>
    /// Video frames of audio context before a frame (first number of <c>data.audio_feat_length</c>): the window begins 2 x this many feature
    /// rows (20 ms each) before the frame's own.
    /// </summary>
    public int AudioFeatLengthBefore { get; init; } = 2;

    /// <summary>Video frames of audio context after a frame (second number of <c>data.audio_feat_length</c>).</summary>
    public int AudioFeatLengthAfter { get; init; } = 2;

    /// <summary>Classifier-free guidance (<c>run.guidance_scale</c>); 1 switches it off.</summary>
    public double GuidanceScale { get; init; } = 1.5;

    /// <summary>Denoising steps (<c>run.inference_steps</c>), at least 1.</summary>
    public int InferenceSteps { get; init; } = 20;

    /// <summary>Seed of the initial noise (<c>run.seed</c>); -1: a new one each time.</summary>
    public long Seed { get; init; } = 1247;

    /// <summary>The UNet's architecture (<c>model</c>).</summary>
    public required UNetConfig Model { get; init; }

    /// <summary>Reads a YAML configuration.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LatentSyncException">
    /// The file is missing or is not YAML, a value is out of range, or <c>model</c> has a key or a value that this engine does not support.
    /// </exception>
    public static LatentSyncConfig Load(string path)
    {
        using JsonDocument document = YamlFile.Load(path);
        return LatentSyncConfigReader.Read(document.RootElement, path);
    }

    /// <summary>Reads the text of a YAML configuration.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="file">Name of the file it came from, for errors.</param>
    /// <exception cref="LatentSyncException">
    /// The text is not YAML, a value is out of range, or <c>model</c> has a key or a value that this engine does not support.
    /// </exception>
    public static LatentSyncConfig Parse(string yaml, string file)
    {
        using JsonDocument document = YamlFile.Parse(yaml, file);
        return LatentSyncConfigReader.Read(document.RootElement, file);
    }
}
