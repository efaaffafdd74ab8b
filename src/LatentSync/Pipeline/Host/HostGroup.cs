namespace LatentSync.Pipeline.Host;

/// <summary>A group between the stages.</summary>
/// <param name="Frames">Its frames in output order.</param>
/// <param name="Chunk">Its conditioning and its latents; null for a frame without a face.</param>
internal readonly record struct HostGroup(IReadOnlyList<JobFrame> Frames, HostChunk? Chunk);
