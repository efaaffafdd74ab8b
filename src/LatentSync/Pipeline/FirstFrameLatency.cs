namespace LatentSync.Pipeline;

/// <summary>How long a viewer waits for the first picture; networks and avatar are loaded before.</summary>
/// <param name="Total">From the job's beginning until the first frame is composited and ready for the encoder.</param>
/// <param name="Speech">Of that, until the features of the first 30 s of speech were there: the recording is decoded whole, since its loudest moment decides the features of its first.</param>
/// <param name="Chunk">
/// Of that, from the first work of the UNet until the first new face was decoded: one chunk's denoising, and what it waits for.
/// Zero on a GPU, whose stages are not seen one by one, and if no frame has a face.
/// </param>
public sealed record FirstFrameLatency(TimeSpan Total, TimeSpan Speech, TimeSpan Chunk);
