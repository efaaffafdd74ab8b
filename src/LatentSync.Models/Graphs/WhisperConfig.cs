using LatentSync.Models.Checkpoints;
using LatentSync.Runtime;

namespace LatentSync.Models.Graphs;

/// <summary>The architecture of a Whisper audio encoder: the <c>dims</c> stored in its checkpoint. Immutable.</summary>
public sealed record WhisperConfig
{
    /// <summary>Mel bands (<c>n_mels</c>).</summary>
    public required int Mels { get; init; }

    /// <summary>Positions of a 30 s segment (<c>n_audio_ctx</c>); the mel has twice as many columns.</summary>
    public required int AudioContext { get; init; }

    /// <summary>Width of the features (<c>n_audio_state</c>).</summary>
    public required int AudioState { get; init; }

    /// <summary>Attention heads (<c>n_audio_head</c>).</summary>
    public required int AudioHeads { get; init; }

    /// <summary>Transformer blocks (<c>n_audio_layer</c>).</summary>
    public required int AudioLayers { get; init; }

    /// <summary>Reads the dimensions that a Whisper checkpoint carries beside its tensors.</summary>
    /// <param name="checkpoint">A checkpoint with <c>dims</c>.</param>
    /// <exception cref="LatentSyncException">A dimension is missing or is not a positive whole number.</exception>
    public static WhisperConfig FromCheckpoint(ICheckpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return new WhisperConfig
        {
            Mels = Dimension(checkpoint, "n_mels"),
            AudioContext = Dimension(checkpoint, "n_audio_ctx"),
            AudioState = Dimension(checkpoint, "n_audio_state"),
            AudioHeads = Dimension(checkpoint, "n_audio_head"),
            AudioLayers = Dimension(checkpoint, "n_audio_layer"),
        };
    }

    private static int Dimension(ICheckpoint checkpoint, string key)
    {
        // The bound keeps later products within 64 bits whatever a damaged file says.
        return checkpoint.Metadata.TryGetValue("dims." + key, out object? value) && value is long number and > 0 and <= 1_000_000
            ? (int)number
            : throw new LatentSyncException(LatentSyncError.Model, $"{checkpoint.Path}: 'dims.{key}' is missing or not a positive whole number; is it a Whisper checkpoint?");
    }
}
