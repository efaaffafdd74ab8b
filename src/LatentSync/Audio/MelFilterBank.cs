namespace LatentSync.Audio;

/// <summary>
/// 80 triangular bands from 0 to 8000 Hz over the 201 bins of a 400-point spectrum at 16 kHz, evenly spaced on Slaney's mel scale
/// (linear below 1 kHz, logarithmic above) and each scaled by 2 / its width in Hz: the filters that Whisper was trained with.
/// </summary>
internal sealed class MelFilterBank
{
    private const double LinearHzPerMel = 200.0 / 3.0;
    private const double FirstLogarithmicHz = 1000.0;
    private const double FirstLogarithmicMel = FirstLogarithmicHz / LinearHzPerMel;

    /// <summary>27 mels span a factor of 6.4 in the logarithmic part (Slaney's Auditory Toolbox).</summary>
    private static readonly double LogarithmicStep = Math.Log(6.4) / 27.0;

    private readonly Band[] _bands = new Band[AudioFormat.MelBands];

    private MelFilterBank()
    {
        double top = HzToMel(AudioFormat.SampleRate / 2.0);
        double[] edges = new double[AudioFormat.MelBands + 2];
        for (int i = 0; i < edges.Length; i++)
        {
            edges[i] = MelToHz(top * i / (edges.Length - 1));
        }

        for (int band = 0; band < _bands.Length; band++)
        {
            _bands[band] = Triangle(edges[band], edges[band + 1], edges[band + 2]);
        }
    }

    /// <summary>The one bank there is.</summary>
    public static MelFilterBank Instance { get; } = new();

    /// <summary>The first bin a band covers and its weights from there on (float32 values, as Whisper stores them).</summary>
    /// <param name="band">0 to 79.</param>
    public (int FirstBin, double[] Weights) this[int band] => (_bands[band].FirstBin, _bands[band].Weights);

    private static Band Triangle(double low, double centre, double high)
    {
        const double HzPerBin = (double)AudioFormat.SampleRate / AudioFormat.FourierLength;
        int first = -1;
        List<double> weights = [];
        for (int bin = 0; bin < AudioFormat.SpectrumBins; bin++)
        {
            double hz = bin * HzPerBin;
            double height = Math.Min((hz - low) / (centre - low), (high - hz) / (high - centre));
            if (height > 0)
            {
                first = first < 0 ? bin : first;
                weights.Add((float)(height * 2.0 / (high - low)));
            }
        }

        return new Band(Math.Max(first, 0), [.. weights]);
    }

    private static double HzToMel(double hz) =>
        hz < FirstLogarithmicHz ? hz / LinearHzPerMel : FirstLogarithmicMel + (Math.Log(hz / FirstLogarithmicHz) / LogarithmicStep);

    private static double MelToHz(double mel) =>
        mel < FirstLogarithmicMel ? mel * LinearHzPerMel : FirstLogarithmicHz * Math.Exp(LogarithmicStep * (mel - FirstLogarithmicMel));

    private readonly record struct Band(int FirstBin, double[] Weights);
}
