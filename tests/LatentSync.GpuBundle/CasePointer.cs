namespace LatentSync.GpuBundle;

/// <summary>A pointer among a launch's parameters.</summary>
/// <param name="Parameter">Where it lies in the parameters.</param>
/// <param name="Buffer">Index of the buffer that it points into.</param>
/// <param name="Offset">Bytes from the buffer's start.</param>
internal readonly record struct CasePointer(int Parameter, int Buffer, int Offset);
