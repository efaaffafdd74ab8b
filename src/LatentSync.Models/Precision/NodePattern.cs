namespace LatentSync.Models.Precision;

/// <summary>Names of nodes with wildcards: <c>*</c> stands for any run of characters, also an empty one, <c>?</c> for any one character.</summary>
internal static class NodePattern
{
    /// <summary>The first of the patterns that a whole name fits, or null.</summary>
    public static string? FirstMatch(IReadOnlyList<string> patterns, string name) => patterns.FirstOrDefault(pattern => Matches(pattern, name));

    /// <summary>Whether a whole name fits a pattern. Linear in time but for the last star, to which it goes back on a mismatch.</summary>
    public static bool Matches(string pattern, string name)
    {
        int p = 0, n = 0, star = -1, afterStar = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                afterStar = n;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[n]))
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++afterStar;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
