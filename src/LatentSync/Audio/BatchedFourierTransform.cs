using System.Numerics;

namespace LatentSync.Audio;

/// <summary>
/// The 400-point discrete Fourier transform of many signals at once, one signal to a SIMD lane, in double precision.
/// Stockham's self-sorting form with radices 4, 4, 5, 5 (400 is no power of two, and padding would change the spectrum).
/// </summary>
/// <remarks>Not safe for use from several threads at a time: it owns its work space.</remarks>
internal sealed class BatchedFourierTransform
{
    private const int Length = AudioFormat.FourierLength;

    private static readonly int[] Radices = [4, 4, 5, 5];

    /// <summary>cos and -sin of 2 pi k / 400: every twiddle and every small transform's root is one of these.</summary>
    private static readonly double[] Cosines = Roots(Math.Cos), NegatedSines = Roots(angle => -Math.Sin(angle));

    private readonly Vector<double>[] _workReal = new Vector<double>[Length], _workImaginary = new Vector<double>[Length];

    /// <summary>Signals transformed by one call.</summary>
    public static int Lanes => Vector<double>.Count;

    /// <summary>Real parts: the input, and after <see cref="Run"/> the spectrum; element n holds sample or bin n of every lane.</summary>
    public Vector<double>[] Real { get; private set; } = new Vector<double>[Length];

    /// <summary>Imaginary parts, likewise.</summary>
    public Vector<double>[] Imaginary { get; private set; } = new Vector<double>[Length];

    /// <summary>Transforms <see cref="Real"/> and <see cref="Imaginary"/> in place.</summary>
    public void Run()
    {
        Vector<double>[] sourceReal = Real, sourceImaginary = Imaginary, targetReal = _workReal, targetImaginary = _workImaginary;
        int stride = 1;
        foreach (int radix in Radices)
        {
            Pass(radix, stride, sourceReal, sourceImaginary, targetReal, targetImaginary);
            (sourceReal, targetReal) = (targetReal, sourceReal);
            (sourceImaginary, targetImaginary) = (targetImaginary, sourceImaginary);
            stride *= radix;
        }

        // The number of passes is even, so the result is back in the arrays it came from.
    }

    private static void Pass(
        int radix, int stride, Vector<double>[] sourceReal, Vector<double>[] sourceImaginary, Vector<double>[] targetReal, Vector<double>[] targetImaginary)
    {
        int groups = Length / stride / radix;
        int rootStep = Length / radix;
        for (int group = 0; group < groups; group++)
        {
            for (int output = 0; output < radix; output++)
            {
                int twiddle = group * output * stride % Length;
                for (int offset = 0; offset < stride; offset++)
                {
                    Vector<double> sumReal = Vector<double>.Zero, sumImaginary = Vector<double>.Zero;
                    for (int input = 0; input < radix; input++)
                    {
                        int root = (twiddle + (output * input * rootStep)) % Length;
                        int index = offset + (stride * (group + (input * groups)));
                        Vector<double> cosine = new(Cosines[root]), negatedSine = new(NegatedSines[root]);
                        sumReal += (sourceReal[index] * cosine) - (sourceImaginary[index] * negatedSine);
                        sumImaginary += (sourceReal[index] * negatedSine) + (sourceImaginary[index] * cosine);
                    }

                    int target = offset + (stride * ((radix * group) + output));
                    targetReal[target] = sumReal;
                    targetImaginary[target] = sumImaginary;
                }
            }
        }
    }

    private static double[] Roots(Func<double, double> function)
    {
        double[] roots = new double[Length];
        for (int i = 0; i < Length; i++)
        {
            roots[i] = function(2 * Math.PI * i / Length);
        }

        return roots;
    }
}
