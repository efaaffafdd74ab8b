namespace LatentSync.Models.Configuration;

/// <summary>The variant of a multistep solver (diffusers' <c>solver_type</c>): the first two are DPM-Solver++'s, the last two UniPC's.</summary>
public enum SolverType
{
    /// <summary><c>midpoint</c>: the second-order term is weighed as at the middle of the step (Lu et al. 2022b).</summary>
    Midpoint,

    /// <summary><c>heun</c>: the second-order term is integrated over the step.</summary>
    Heun,

    /// <summary><c>bh1</c>: UniPC with B(h) = h (Zhao et al. 2023).</summary>
    Bh1,

    /// <summary><c>bh2</c>: UniPC with B(h) = exp(h) - 1.</summary>
    Bh2,
}
