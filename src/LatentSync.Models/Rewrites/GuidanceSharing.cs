using LatentSync.Models.Onnx;

namespace LatentSync.Models.Rewrites;

/// <summary>
/// Builds classifier-free guidance into the UNet: inputs of B chunks with their speech alone, <c>out_sample</c> <c>[2B,C,F,h,w]</c> with the predictions for
/// silence first. Up to the first cross-attention both halves are the same, and are computed once. In each cross-attention the silent half is a constant:
/// keys and values of all-zero speech are zero where their layers have no bias, so what attention adds is the bias of its last layer.
/// </summary>
public sealed class GuidanceSharing : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "guidance-sharing";

    /// <inheritdoc/>
    public OnnxGraph Apply(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new GuidanceRewriter(graph).Rewrite();
    }
}
