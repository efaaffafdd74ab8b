using LatentSync.Models.Configuration;

namespace LatentSync.Denoising;

/// <summary>The functions of the step length h in UniPC (Zhao et al. 2023, equations 5 and 9), for the prediction of the clean sample.</summary>
internal sealed class UniPcMoments
{
    private readonly double[] _right;

    /// <param name="type">Which B(h).</param>
    /// <param name="h">Step in the logarithm of signal to noise; may be infinite for order 1.</param>
    /// <param name="order">Order of the step.</param>
    public UniPcMoments(SolverType type, double h, int order)
    {
        double hh = -h;
        Phi = Math.Exp(hh) - 1;
        B = type == SolverType.Bh1 ? hh : Phi;
        _right = new double[order];
        double phi = (Phi / hh) - 1, factorial = 1;
        for (int i = 0; i < order; i++)
        {
            _right[i] = phi * factorial / B;
            factorial *= i + 2;
            phi = (phi / hh) - (1 / factorial);
        }
    }

    /// <summary><c>exp(-h) - 1</c>.</summary>
    public double Phi { get; }

    /// <summary>B(h).</summary>
    public double B { get; }

    /// <summary>
    /// The weights of the differences: the solution of the Vandermonde system of their ratios, as many equations as there are ratios.
    /// </summary>
    public double[] Solve(double[] ratios)
    {
        int count = ratios.Length;
        double[] rho = _right[..count];

        // Björck and Pereyra's solution of sum of ratios[k]^i * rho[k] = right[i] (Golub and Van Loan, algorithm 4.6.2).
        for (int k = 0; k < count - 1; k++)
        {
            for (int i = count - 1; i > k; i--)
            {
                rho[i] -= ratios[k] * rho[i - 1];
            }
        }

        for (int k = count - 2; k >= 0; k--)
        {
            for (int i = k + 1; i < count; i++)
            {
                rho[i] /= ratios[i] - ratios[i - k - 1];
            }

            for (int i = k; i < count - 1; i++)
            {
                rho[i] -= rho[i + 1];
            }
        }

        return rho;
    }
}
