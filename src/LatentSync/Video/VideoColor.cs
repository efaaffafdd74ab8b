namespace LatentSync.Video;

/// <summary>
/// How a stream's YUV numbers mean colours, in ffmpeg's names for the code points of ITU-T H.273; null where the stream does not say.
/// Pixels are converted to RGB with <see cref="Range"/> and <see cref="Matrix"/>, and back to YUV with the same; primaries and transfer
/// are only passed on, since nothing here leaves the source's own RGB space (an HDR source stays in its PQ or HLG numbers).
/// </summary>
/// <param name="Range"><c>tv</c> (16-235) or <c>pc</c> (0-255).</param>
/// <param name="Matrix"><c>bt709</c>, <c>smpte170m</c>, <c>bt2020nc</c>, <c>gbr</c> (the stream is RGB), ...</param>
/// <param name="Primaries"><c>bt709</c>, <c>bt2020</c>, ...</param>
/// <param name="Transfer"><c>bt709</c>, <c>smpte2084</c> (PQ), <c>arib-std-b67</c> (HLG), ...</param>
public sealed record VideoColor(string? Range, string? Matrix, string? Primaries, string? Transfer)
{
    /// <summary>Nothing is said: limited range and BT.601's matrix are assumed, as swscale does, in both directions.</summary>
    public static VideoColor Unspecified { get; } = new(null, null, null, null);

    /// <summary>BT.709 in limited range: what an RGB source is encoded as.</summary>
    public static VideoColor Bt709 { get; } = new("tv", "bt709", "bt709", "bt709");

    /// <summary>Whether the stream holds RGB, so that no matrix is involved.</summary>
    public bool IsRgb => Matrix == "gbr";
}
