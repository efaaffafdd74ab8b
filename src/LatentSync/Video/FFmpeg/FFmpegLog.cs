using System.Text.RegularExpressions;

namespace LatentSync.Video.FFmpeg;

/// <summary>
/// What a run wrote to its error stream, in bounded memory: the first lines (the cause is nearly always the first) and a count.
/// </summary>
internal sealed partial class FFmpegLog
{
    private const int KeptLines = 12;
    private const int KeptLength = 300;
    private readonly Lock _lock = new();
    private readonly List<string> _first = [];

    public int LineCount { get; private set; }

    public void Add(string line)
    {
        string cleaned = Clean(line);
        if (cleaned.Length == 0)
        {
            return;
        }

        lock (_lock)
        {
            LineCount++;
            if (_first.Count < KeptLines)
            {
                _first.Add(cleaned);
            }
        }
    }

    /// <summary>Whether one of the first lines contains a phrase.</summary>
    public bool Contains(string phrase)
    {
        lock (_lock)
        {
            return _first.Exists(line => line.Contains(phrase, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>The first line, for a message; or what to say if nothing was written.</summary>
    public string Reason(string ifSilent)
    {
        lock (_lock)
        {
            return _first.Count == 0 ? ifSilent : _first[0];
        }
    }

    /// <summary>Drops the component's address, the path (the message names the file by itself) and anything unprintable.</summary>
    private static string Clean(string line)
    {
        string text = PathPrefix().Replace(Prefix().Replace(MediaPath.Show(line), string.Empty), string.Empty).Trim();
        return text.Length > KeptLength ? text[..KeptLength] + "..." : text;
    }

    [GeneratedRegex(@"^(\[[^\]]* @ 0x[0-9a-fA-F]+\]\s*)+")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^file:.*: (?=[A-Z][^:]*$)")]
    private static partial Regex PathPrefix();
}
