using LatentSync.Pipeline;

namespace LatentSync.Cli.Output;

/// <summary>Frames without a usable face for people: neighbours with the same reason read as one range.</summary>
internal static class MissingFaceLines
{
    public static IEnumerable<string> Of(IReadOnlyList<MissingFace> missing)
    {
        for (int first = 0, next; first < missing.Count; first = next)
        {
            next = first + 1;
            while (next < missing.Count && missing[next].FrameIndex == missing[next - 1].FrameIndex + 1 && missing[next].Reason == missing[first].Reason)
            {
                next++;
            }

            string frames = next - first == 1 ? $"frame {missing[first].FrameIndex}" : $"frames {missing[first].FrameIndex}-{missing[next - 1].FrameIndex}";
            yield return $"{frames}: {missing[first].Reason}";
        }
    }
}
