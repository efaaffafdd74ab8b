namespace LatentSync.GpuBundle;

/// <summary>What a buffer is to hold after a case: every so many elements of it.</summary>
/// <param name="Buffer">Index of the buffer.</param>
/// <param name="Tolerance">How far off an integer may be; a float may be off by that times max(1, |expected|).</param>
internal sealed record CaseExpectation(int Buffer, float Tolerance)
{
    private const int MostSamples = 1500;

    /// <summary>
    /// The distance of two samples. It has no factor in common with 6, so that they spread over the channels of a picture, over odd and even columns.
    /// </summary>
    public static int Step(int count)
    {
        int step = (count + MostSamples - 1) / MostSamples;
        while (step % 2 == 0 || step % 3 == 0)
        {
            step++;
        }

        return step;
    }
}
