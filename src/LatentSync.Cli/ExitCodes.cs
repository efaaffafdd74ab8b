using LatentSync.Runtime;

namespace LatentSync.Cli;

/// <summary>The process's exit codes; documented in README.md beside this and in <c>latentsync --help</c>.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Unexpected = 1;
    public const int Usage = 2;
    public const int Media = 3;
    public const int Model = 4;
    public const int Output = 5;
    public const int MissingFace = 6;
    public const int Environment = 7;

    /// <summary><c>eval --minimum</c>: the video was scored, and too low; <c>profile --compare</c>: something became slower.</summary>
    public const int BelowMinimum = 8;

    /// <summary>128 + SIGINT, as shells expect.</summary>
    public const int Cancelled = 130;

    public static int For(LatentSyncError error) => error switch
    {
        LatentSyncError.Usage => Usage,
        LatentSyncError.Media => Media,
        LatentSyncError.Model => Model,
        LatentSyncError.Output => Output,
        LatentSyncError.MissingFace => MissingFace,
        LatentSyncError.Environment => Environment,
        _ => Unexpected,
    };
}
