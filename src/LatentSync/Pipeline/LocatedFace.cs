using LatentSync.Kernels;

namespace LatentSync.Pipeline;

/// <summary>What is known of a source frame's face.</summary>
/// <param name="Transform">Frame to crop; null if there is no usable face.</param>
/// <param name="Reason">Why there is none, in a few words.</param>
internal readonly record struct LocatedFace(AffineTransform? Transform, string Reason);
