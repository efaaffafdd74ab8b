using LatentSync.Kernels;

namespace LatentSync.Denoising;

/// <summary>
/// Step noise from the job's seed: torch's generator goes on where the job's initial noise ends, one draw a step. As with the initial noise,
/// every frame of every chunk gets the same draw: independent draws would make the frames differ in what nothing in the video decides.
/// Not safe for several threads.
/// </summary>
public sealed class FrameNoise : IStepNoise
{
    private readonly TorchGenerator _generator;
    private readonly List<float[]> _draws = [];
    private readonly int _channels;
    private readonly int _planeSize;

    /// <summary>Starts after the initial noise.</summary>
    /// <param name="seed">The job's seed; only its lower 32 bits count.</param>
    /// <param name="channels">Latent channels C.</param>
    /// <param name="planeSize">Latent height times width, h*w.</param>
    /// <exception cref="ArgumentOutOfRangeException">C*h*w is smaller than <see cref="TorchGenerator.SmallestDraw"/>.</exception>
    public FrameNoise(long seed, int channels, int planeSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((long)channels * planeSize, TorchGenerator.SmallestDraw, nameof(planeSize));
        _channels = channels;
        _planeSize = planeSize;
        _generator = new TorchGenerator(seed);
        _generator.FillNormal(new float[channels * planeSize]);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The noise is not <c>[C,F,h,w]</c> for a whole number of frames F.</exception>
    public void Fill(int stepIndex, Span<float> noise)
    {
        int frames = noise.Length / (_channels * _planeSize);
        if (frames * _channels * _planeSize != noise.Length)
        {
            throw new ArgumentException($"{noise.Length} values are not whole frames of {_channels * _planeSize}", nameof(noise));
        }

        ReadOnlySpan<float> draw = Draw(stepIndex);
        for (int plane = 0; plane < _channels * frames; plane++)
        {
            draw.Slice(plane / frames * _planeSize, _planeSize).CopyTo(noise[(plane * _planeSize)..]);
        }
    }

    private float[] Draw(int stepIndex)
    {
        while (_draws.Count <= stepIndex)
        {
            float[] draw = new float[_channels * _planeSize];
            _generator.FillNormal(draw);
            _draws.Add(draw);
        }

        return _draws[stepIndex];
    }
}
