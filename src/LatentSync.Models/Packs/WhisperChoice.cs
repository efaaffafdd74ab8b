using LatentSync.Models.Checkpoints;
using LatentSync.Models.Graphs;
using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>Finds the Whisper checkpoint whose features the UNet was trained on: the official folder holds tiny and small.</summary>
internal static class WhisperChoice
{
    /// <summary>Opens the one checkpoint whose <c>n_audio_state</c> is the UNet's <c>cross_attention_dim</c>.</summary>
    /// <param name="candidates">The files, at least one.</param>
    /// <param name="crossAttentionDim">The width wanted.</param>
    /// <param name="configPath">Where that width stands, for errors.</param>
    /// <param name="cancellationToken">Looked at before each file.</param>
    /// <exception cref="LatentSyncException">A file cannot be read, or none or several of them fit.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public static (ICheckpoint Checkpoint, WhisperConfig Config) Open(
        IReadOnlyList<string> candidates, int crossAttentionDim, string configPath, CancellationToken cancellationToken)
    {
        List<(string Path, WhisperConfig Config)> found = [];
        foreach (string path in candidates)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using ICheckpoint checkpoint = CheckpointReader.Open(path);
            found.Add((path, WhisperConfig.FromCheckpoint(checkpoint)));
        }

        (string Path, WhisperConfig Config)[] fitting = [.. found.Where(candidate => candidate.Config.AudioState == crossAttentionDim)];
        if (fitting.Length == 1)
        {
            return (CheckpointReader.Open(fitting[0].Path), fitting[0].Config);
        }

        string list = string.Join(", ", found.Select(candidate => $"{Path.GetFileName(candidate.Path)} (n_audio_state {candidate.Config.AudioState})"));
        string folder = found.Count == 1 ? found[0].Path : Path.GetDirectoryName(found[0].Path)!;
        throw new LatentSyncException(LatentSyncError.Model, fitting.Length == 0
            ? $"{folder}: no Whisper checkpoint is as wide as cross_attention_dim {crossAttentionDim} in {configPath}; found {list}. Add the one the model was trained with (384: tiny, 768: small)"
            : $"{folder}: several Whisper checkpoints are as wide as cross_attention_dim {crossAttentionDim} in {configPath}: {list}. Give the path of the one to use");
    }
}
