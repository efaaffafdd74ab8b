namespace LatentSync.Models.Rewrites;

/// <summary>A network of a <see cref="UNetProgram"/>.</summary>
public enum UNetPart
{
    /// <summary><see cref="UNetProgram.Step"/>.</summary>
    Step,

    /// <summary><see cref="UNetProgram.ShallowStep"/>.</summary>
    ShallowStep,

    /// <summary><see cref="UNetProgram.Chunk"/>.</summary>
    Chunk,

    /// <summary><see cref="UNetProgram.Schedule"/>.</summary>
    Schedule,
}
