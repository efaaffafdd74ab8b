namespace LatentSync.Denoising;

/// <summary>Where a stochastic sampler takes the noise from that it adds after a step.</summary>
public interface IStepNoise
{
    /// <summary>Gives the noise of a step; the same every time it is asked for the same step.</summary>
    /// <param name="stepIndex">0-based step.</param>
    /// <param name="noise">Receives standard normals, laid out as the sample.</param>
    void Fill(int stepIndex, Span<float> noise);
}
