using LatentSync.Pipeline;
using LatentSync.Pipeline.Evaluation;

namespace LatentSync.Cli.Output;

/// <summary>Prints what <c>latentsync eval</c> measured.</summary>
internal static class EvalPrinter
{
    public static void Print(LipSyncScore score, double? minimum, bool json)
    {
        if (json)
        {
            JsonLines.Write(new { @event = "score", correlation = Number(score.Correlation), frames = score.FrameCount, framesWithFace = score.FramesWithFace, minimum });
            return;
        }

        Console.Out.WriteLine($"lip-sync score {score.Correlation:0.000} (correlation of mouth opening with the speech over {score.FramesWithFace} of {score.FrameCount} frames)");
    }

    public static void Print(VideoComparison comparison, bool json)
    {
        if (json)
        {
            PrintJson(comparison);
        }
        else
        {
            PrintText(comparison);
        }
    }

    private static void PrintJson(VideoComparison comparison) => JsonLines.Write(new
    {
        @event = "comparison",
        frames = comparison.FrameCount,
        width = comparison.Width,
        height = comparison.Height,
        identical = double.IsPositiveInfinity(comparison.Psnr),
        psnr = Number(comparison.Psnr),
        lowestPsnr = Number(comparison.LowestPsnr),
        lowestFrame = Frame(comparison.LowestFrame),
        ssim = Number(comparison.Ssim),
        face = comparison.Face is not { } face ? null : new
        {
            frames = face.FrameCount,
            identical = double.IsPositiveInfinity(face.Psnr),
            psnr = Number(face.Psnr),
            lowestPsnr = Number(face.LowestPsnr),
            lowestFrame = Frame(face.LowestFrame),
            mouthPsnr = Number(face.MouthPsnr),
            mouthFlicker = Number(face.MouthFlicker),
        },
        notes = comparison.Notes,
    });

    private static void PrintText(VideoComparison comparison)
    {
        TextWriter writer = Console.Out;
        foreach (string note in comparison.Notes)
        {
            Console.Error.WriteLine($"note: {note}");
        }

        writer.WriteLine($"compared {comparison.FrameCount} frames of {comparison.Width}x{comparison.Height}");
        writer.WriteLine($"PSNR     {Decibels(comparison.Psnr)}{Lowest(comparison.LowestPsnr, comparison.LowestFrame)}");
        writer.WriteLine($"SSIM     {comparison.Ssim:0.00000}");
        if (comparison.Face is { } face)
        {
            writer.WriteLine($"face     {Decibels(face.Psnr)}{Lowest(face.LowestPsnr, face.LowestFrame)}, {face.FrameCount} frames");
            writer.WriteLine($"mouth    {Decibels(face.MouthPsnr)}");
            writer.WriteLine($"flicker  {face.MouthFlicker:0.000} levels in the mouth");
        }
    }

    private static string Decibels(double psnr) => double.IsPositiveInfinity(psnr) ? "identical" : $"{psnr:0.00} dB";

    private static string Lowest(double psnr, long frame) => frame < 0 ? string.Empty : $" (lowest {psnr:0.00} dB, frame {frame})";

    private static long? Frame(long frame) => frame < 0 ? null : frame;

    // JSON has no infinity and no NaN.
    private static double? Number(double value) => double.IsFinite(value) ? Math.Round(value, 5) : null;
}
