namespace LatentSync.Cli.Output;

/// <summary>Chooses how progress is shown: JSON lines, a bar on a terminal, or plain lines when piped.</summary>
internal static class ProgressDisplay
{
    public static IProgressDisplay Create(bool json)
    {
        if (json)
        {
            return new JsonProgressDisplay();
        }

        return Console.IsErrorRedirected ? new PlainProgressDisplay(Console.Error) : new BarProgressDisplay();
    }
}
