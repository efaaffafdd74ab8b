namespace LatentSync.Pipeline.Evaluation;

/// <summary>Errors of all frames together, and the frame with the largest.</summary>
internal sealed class FrameErrors
{
    public SquaredError Total { get; private set; }

    public double Lowest { get; private set; } = double.PositiveInfinity;

    public long LowestFrame { get; private set; } = -1;

    public void Add(long frame, SquaredError error)
    {
        Total += error;
        if (error.Psnr < Lowest)
        {
            (Lowest, LowestFrame) = (error.Psnr, frame);
        }
    }
}
