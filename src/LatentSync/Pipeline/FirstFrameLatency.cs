namespace LatentSync.Pipeline;

/// <summary>How long a viewer waits for the first picture; networks and avatar are loaded before.</summary>
/// <param name="Total">From the job's beginning until the first frame is composited and ready for the encoder.</param>
/// <param name="Speech">Of that, speech to features: of the whole recording, since its loudest moment decides the features of its first.</param>
/// <param name="Chunk">Of that, the first chunk's networks: encoder, UNet and decoder; on a GPU until its work is enqueued. Zero if the first frame has no face.</param>
public sealed record FirstFrameLatency(TimeSpan Total, TimeSpan Speech, TimeSpan Chunk);
