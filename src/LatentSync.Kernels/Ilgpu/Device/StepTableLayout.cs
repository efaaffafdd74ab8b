namespace LatentSync.Kernels.Ilgpu.Device;

/// <summary>
/// Where the numbers of one denoising step lie in a row of the table that <see cref="StepKernels"/> read: <c>[steps,Stride]</c>, float32. With x the
/// sample, e the guided network output, m[0] this step's prediction of the clean sample, m[1..3] those of the steps before, y the sample that the step
/// before started from, z noise:
/// <code>
/// e    = e0 + Guidance*(e1 - e0)
/// m[0] = clamp(PredictionOfSample*x + PredictionOfOutput*e, -ClipRange, ClipRange)               (if KeepsPrediction)
/// x    = CorrectionStart*y + sum of CorrectionPredictions[k]*m[k]                                (if Corrects)
/// y'   = x                                                                                       (if KeepsStart)
/// x'   = Sample*x + Output*e + sum of Predictions[k]*m[k] + Noise*z
/// </code>
/// Terms with a factor of 0 are left out, so that what they would read need not be there.
/// </summary>
public static class StepTableLayout
{
    /// <summary>How many predictions of the clean sample the ring holds; that of a step is in the slot <c>step % RingLength</c>.</summary>
    public const int RingLength = 4;

    /// <summary>Column: what the network is told.</summary>
    public const int Timestep = 0;

    /// <summary>Column: factor of the sample in the network's input.</summary>
    public const int InputScale = 1;

    /// <summary>Column: the guidance scale; without meaning in a step without guidance.</summary>
    public const int Guidance = 2;

    /// <summary>Column: 1 if the prediction of the clean sample is worked out and put into the ring, else 0.</summary>
    public const int KeepsPrediction = 3;

    /// <summary>Column: factor of the sample in the prediction.</summary>
    public const int PredictionOfSample = 4;

    /// <summary>Column: factor of the output in the prediction.</summary>
    public const int PredictionOfOutput = 5;

    /// <summary>Column: bound of the prediction on either side; infinite for none.</summary>
    public const int ClipRange = 6;

    /// <summary>Column: 1 if the step begins by taking the one before it again, else 0.</summary>
    public const int Corrects = 7;

    /// <summary>Column: factor of the sample that the step before started from.</summary>
    public const int CorrectionStart = 8;

    /// <summary>First of <see cref="RingLength"/> columns: factors of the predictions in the correction, newest first.</summary>
    public const int CorrectionPredictions = 9;

    /// <summary>Column: 1 if the sample that the step starts from is kept for a later correction, else 0.</summary>
    public const int KeepsStart = CorrectionPredictions + RingLength;

    /// <summary>Column: factor of the sample.</summary>
    public const int Sample = KeepsStart + 1;

    /// <summary>Column: factor of the output.</summary>
    public const int Output = Sample + 1;

    /// <summary>First of <see cref="RingLength"/> columns: factors of the predictions, newest first.</summary>
    public const int Predictions = Output + 1;

    /// <summary>Column: factor of the step's noise.</summary>
    public const int Noise = Predictions + RingLength;

    /// <summary>Columns of a row.</summary>
    public const int Stride = Noise + 1;
}
