namespace LatentSync.Cli.Output;

/// <summary>Shows a job's progress; safe for several threads; disposing leaves the terminal clean.</summary>
internal interface IProgressDisplay : IDisposable
{
    /// <summary>Shows where the job is.</summary>
    void Report(ProgressLine line);

    /// <summary>Shows a line that stays.</summary>
    void Note(string message);
}
