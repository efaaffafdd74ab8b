using System.Globalization;

namespace LatentSync.Video;

/// <summary>
/// The scale filter's settings and the encoder's tags for a <see cref="VideoColor"/>. Only names of the tables below ever reach ffmpeg.
/// A matrix that swscale has no numbers for (YCgCo, ICtCp) is converted with its default, BT.601, in BOTH directions and tagged as the
/// source: untouched pixels then get back the YUV numbers they had.
/// </summary>
internal static class ColorConversion
{
    /// <summary>
    /// Exact rounding, chroma at full resolution on both sides, and the same bits on every CPU. Untouched 1080p footage goes to RGB and back at 81 dB
    /// so, at 49 dB with ffmpeg's defaults; decoding a frame takes 27 ms of a core instead of 8. Bicubic is ffmpeg's default and OpenCV's.
    /// </summary>
    public const string ScaleFlags = "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact";

    // Names as ffprobe prints them; the index is the code point of ITU-T H.273, tables 2 to 4.
    private static readonly string[] Primaries =
    [
        "", "bt709", "", "", "bt470m", "bt470bg", "smpte170m", "smpte240m", "film", "bt2020", "smpte428", "smpte431", "smpte432",
    ];

    private static readonly string[] Transfers =
    [
        "", "bt709", "", "", "bt470m", "bt470bg", "smpte170m", "smpte240m", "linear", "log100", "log316", "iec61966-2-4", "bt1361e",
        "iec61966-2-1", "bt2020-10", "bt2020-12", "smpte2084", "smpte428", "arib-std-b67",
    ];

    private static readonly string[] Matrices =
    [
        "", "bt709", "", "", "fcc", "bt470bg", "smpte170m", "smpte240m", "ycgco", "bt2020nc", "bt2020c", "smpte2085", "chroma-derived-nc",
        "chroma-derived-c", "ictcp",
    ];

    /// <summary>Options of the scale filter that read the source's YUV; empty parts leave the decision to the frame's own tags.</summary>
    public static string FromSource(VideoColor color) =>
        Option("in_color_matrix", Matrix(color)) + Option("in_range", Range(color));

    /// <summary>Options of the scale filter that write YUV meant as <paramref name="color"/>.</summary>
    public static string ToOutput(VideoColor color) =>
        Option("out_color_matrix", Matrix(color) ?? "bt601") + Option("out_range", Range(color) ?? "limited");

    /// <summary>What an output made from frames of this source is tagged and converted as: the same, or BT.709 for RGB sources.</summary>
    public static VideoColor ForOutput(VideoColor source) => source.IsRgb
        ? VideoColor.Bt709 with { Primaries = source.Primaries ?? "bt709", Transfer = source.Transfer ?? "bt709" }
        : source;

    /// <summary>The encoder's tags; nothing for what the source does not say.</summary>
    public static IEnumerable<string> Tags(VideoColor color)
    {
        (string Option, int Code)[] tags =
        [
            ("-color_range", color.Range switch { "tv" => 1, "pc" => 2, _ => 0 }),
            ("-colorspace", Code(Matrices, color.Matrix)),
            ("-color_primaries", Code(Primaries, color.Primaries)),
            ("-color_trc", Code(Transfers, color.Transfer)),
        ];
        foreach ((string option, int code) in tags.Where(t => t.Code > 0))
        {
            yield return option;
            yield return code.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static string? Matrix(VideoColor color) => color.Matrix switch
    {
        "bt709" or "fcc" or "smpte240m" => color.Matrix,
        "bt470bg" or "smpte170m" => "bt601",
        "bt2020nc" or "bt2020c" => "bt2020",
        _ => null,
    };

    private static string? Range(VideoColor color) => color.Range switch { "tv" => "limited", "pc" => "full", _ => null };

    private static int Code(string[] names, string? name) => name is null ? 0 : Math.Max(0, Array.IndexOf(names, name));

    private static string Option(string name, string? value) => value is null ? string.Empty : $"{name}={value}:";
}
