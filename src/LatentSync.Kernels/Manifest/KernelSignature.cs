namespace LatentSync.Kernels.Manifest;

/// <summary>How one kernel is called.</summary>
/// <param name="Name">Its name, which is its PTX file's without the ending.</param>
/// <param name="Entry">Its entry point in the PTX.</param>
/// <param name="Size">Bytes of all parameters: where the last one ends.</param>
/// <param name="Parameters">The parameters in order, the extent first.</param>
public sealed record KernelSignature(string Name, string Entry, int Size, IReadOnlyList<KernelParameter> Parameters)
{
    /// <summary>The parameter of a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public KernelParameter Parameter(string name) => Parameters.FirstOrDefault(parameter => parameter.Name == name)
        ?? throw new ArgumentException($"the kernel {Name} has no parameter '{name}'", nameof(name));
}
