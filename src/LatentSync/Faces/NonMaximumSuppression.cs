namespace LatentSync.Faces;

/// <summary>Greedy suppression of overlapping boxes as InsightFace's SCRFD code does it, in its float32 arithmetic.</summary>
internal static class NonMaximumSuppression
{
    /// <summary>The boxes to keep, as indices in order of falling score; equal scores keep their order.</summary>
    /// <param name="boxes">Candidates.</param>
    /// <param name="threshold">A box goes when its intersection over union with a kept one is larger.</param>
    public static List<int> Select(IReadOnlyList<FaceBox> boxes, float threshold)
    {
        // InsightFace sorts rising and reverses, twice: with equal scores the two reversals cancel.
        int[] order = [.. Enumerable.Range(0, boxes.Count).OrderByDescending(i => boxes[i].Score)];
        float[] areas = [.. boxes.Select(b => Extent(b.Left, b.Right) * Extent(b.Top, b.Bottom))];
        List<int> kept = [];
        int remaining = order.Length;
        while (remaining > 0)
        {
            int best = order[0], next = 0;
            kept.Add(best);
            for (int i = 1; i < remaining; i++)
            {
                // Negated comparisons would keep what is not a number; the original drops it.
                if (Overlap(boxes[best], boxes[order[i]], areas[best], areas[order[i]]) <= threshold)
                {
                    order[next++] = order[i];
                }
            }

            remaining = next;
        }

        return kept;
    }

    private static float Overlap(in FaceBox a, in FaceBox b, float areaOfA, float areaOfB)
    {
        float width = MathF.Max(0, Extent(MathF.Max(a.Left, b.Left), MathF.Min(a.Right, b.Right)));
        float height = MathF.Max(0, Extent(MathF.Max(a.Top, b.Top), MathF.Min(a.Bottom, b.Bottom)));
        float intersection = width * height;
        return intersection / (areaOfA + areaOfB - intersection);
    }

    // Pixels from the first to the last, both included.
    private static float Extent(float first, float last) => last - first + 1;
}
