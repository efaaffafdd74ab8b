namespace LatentSync.Pipeline;

/// <summary>How often the networks ran that look at the video alone, which prepared and repeated frames save.</summary>
/// <param name="FaceDetector">Runs of the face detector.</param>
/// <param name="FaceLandmarks">Runs of the landmark network.</param>
/// <param name="VaeEncoder">Runs of the VAE's encoder, each of both pictures of a frame.</param>
public sealed record NetworkCalls(long FaceDetector, long FaceLandmarks, long VaeEncoder);
