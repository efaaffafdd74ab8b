using ILGPU;

namespace LatentSync.Kernels.Ilgpu.Device;

/// <summary>
/// One step of the denoising loop, around the network, on the device alone: which step it is stands in device memory, and all its numbers in a table
/// (<see cref="StepTableLayout"/>), so that one captured graph serves every step of every sampler. In the order of their launches.
/// </summary>
public static class StepKernels
{
    /// <summary>Writes the network's input: the scaled latents into the first channels of each item, and the timestep. Extent: values of the latents.</summary>
    /// <param name="index">Value of the latents.</param>
    /// <param name="latents"><c>[C,F,h,w]</c>.</param>
    /// <param name="sample"><c>[halves,channels,F,h,w]</c>; the first C channels of each item are written.</param>
    /// <param name="timestep"><c>[1]</c>, written.</param>
    /// <param name="table"><c>[steps,StepTableLayout.Stride]</c>.</param>
    /// <param name="step"><c>[1]</c>, the step's index.</param>
    /// <param name="halves">2 with guidance, else 1.</param>
    /// <param name="itemLength">Values of one item of <paramref name="sample"/>, <c>channels*F*h*w</c>.</param>
    public static void BeginStep(
        Index1D index,
        ArrayView<float> latents,
        ArrayView<float> sample,
        ArrayView<float> timestep,
        ArrayView<float> table,
        ArrayView<int> step,
        int halves,
        int itemLength)
    {
        int row = step[0] * StepTableLayout.Stride;
        float value = latents[index] * table[row + StepTableLayout.InputScale];
        for (int half = 0; half < halves; half++)
        {
            sample[((long)half * itemLength) + index] = value;
        }

        if (index == 0)
        {
            timestep[0] = table[row + StepTableLayout.Timestep];
        }
    }

    /// <summary>Takes the step's row out of a table that was computed for all steps. Extent: values of the row.</summary>
    /// <param name="index">Value of the row.</param>
    /// <param name="rows"><c>[steps,N]</c>.</param>
    /// <param name="row"><c>[N]</c>, written.</param>
    /// <param name="step"><c>[1]</c>, the step's index.</param>
    public static void TakeRow(Index1D index, ArrayView<float> rows, ArrayView<float> row, ArrayView<int> step) =>
        row[index] = rows[(step[0] * row.Length) + index];

    /// <summary>Guidance and the sampler's step, in place, as <see cref="StepTableLayout"/> says. Extent: values of the latents.</summary>
    /// <param name="index">Value of the latents.</param>
    /// <param name="output"><c>[halves,C,F,h,w]</c>, what the network said; with guidance the half without audio (e0) is first.</param>
    /// <param name="latents"><c>[C,F,h,w]</c>, x, changed in place.</param>
    /// <param name="predictions"><c>[StepTableLayout.RingLength,C,F,h,w]</c>, m; may be empty where no step keeps predictions.</param>
    /// <param name="start"><c>[C,F,h,w]</c>, y; may be empty where no step keeps it.</param>
    /// <param name="noise"><c>[steps,C,h,w]</c>, z, the same for each frame; may be empty where no step adds noise.</param>
    /// <param name="table"><c>[steps,StepTableLayout.Stride]</c>.</param>
    /// <param name="step"><c>[1]</c>, the step's index.</param>
    /// <param name="halves">2 with guidance, else 1.</param>
    /// <param name="length">Values of the latents, <c>C*F*h*w</c>.</param>
    /// <param name="frames">F.</param>
    /// <param name="plane"><c>h*w</c>.</param>
    public static void LinearStep(
        Index1D index,
        ArrayView<float> output,
        ArrayView<float> latents,
        ArrayView<float> predictions,
        ArrayView<float> start,
        ArrayView<float> noise,
        ArrayView<float> table,
        ArrayView<int> step,
        int halves,
        int length,
        int frames,
        int plane)
    {
        int now = step[0], row = now * StepTableLayout.Stride;
        float x = latents[index], e = output[index], newest = 0;
        if (halves == 2)
        {
            e += table[row + StepTableLayout.Guidance] * (output[(long)length + index] - e);
        }

        if (table[row + StepTableLayout.KeepsPrediction] != 0)
        {
            newest = Confine(
                (table[row + StepTableLayout.PredictionOfSample] * x) + (table[row + StepTableLayout.PredictionOfOutput] * e),
                table[row + StepTableLayout.ClipRange]);
            predictions[((long)(now % StepTableLayout.RingLength) * length) + index] = newest;
        }

        if (table[row + StepTableLayout.Corrects] != 0)
        {
            x = AddPredictions(
                table[row + StepTableLayout.CorrectionStart] * start[index], newest, predictions, table, row + StepTableLayout.CorrectionPredictions, now, length, index);
        }

        if (table[row + StepTableLayout.KeepsStart] != 0)
        {
            start[index] = x;
        }

        x = (table[row + StepTableLayout.Sample] * x) + (table[row + StepTableLayout.Output] * e);
        x = AddPredictions(x, newest, predictions, table, row + StepTableLayout.Predictions, now, length, index);
        float spread = table[row + StepTableLayout.Noise];
        if (spread != 0)
        {
            int draw = length / frames, channel = index / (frames * plane);
            x += spread * noise[((long)now * draw) + ((long)channel * plane) + (index % plane)];
        }

        latents[index] = x;
    }

    /// <summary>Goes on to the next step. Extent: 1.</summary>
    /// <param name="index">0.</param>
    /// <param name="step"><c>[1]</c>, the step's index, raised by one.</param>
    public static void AdvanceStep(Index1D index, ArrayView<int> step) => step[index]++;

    // A term without weight is not read: before the ring is full it may hold anything.
    private static float AddPredictions(
        float sum, float newest, ArrayView<float> predictions, ArrayView<float> table, int factors, int now, int length, Index1D index)
    {
        float own = table[factors];
        if (own != 0)
        {
            sum += own * newest;
        }

        for (int k = 1; k < StepTableLayout.RingLength; k++)
        {
            float factor = table[factors + k];
            if (factor != 0)
            {
                int slot = (now + StepTableLayout.RingLength - k) % StepTableLayout.RingLength;
                sum += factor * predictions[((long)slot * length) + index];
            }
        }

        return sum;
    }

    // Comparisons, unlike minimum and maximum, leave what is not a number as it is: a network that fails must show.
    private static float Confine(float value, float limit) => value > limit ? limit : value < -limit ? -limit : value;
}
