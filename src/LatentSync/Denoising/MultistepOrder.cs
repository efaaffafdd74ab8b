namespace LatentSync.Denoising;

/// <summary>How far back a multistep solver can look.</summary>
internal static class MultistepOrder
{
    /// <summary>
    /// The order wanted, limited to the predictions that there are and to distinct noise levels: with very many steps two of them may round to
    /// the same training step, over which no slope can be taken (diffusers would divide by zero).
    /// </summary>
    public static int Limit(int wanted, ReadOnlySpan<SigmaPoint> points, int step)
    {
        int order = 1;
        while (order < wanted && order <= step && points[step - order].Lambda != points[step - order + 1].Lambda)
        {
            order++;
        }

        return points[step + 1].Lambda == points[step].Lambda ? 1 : order;
    }
}
