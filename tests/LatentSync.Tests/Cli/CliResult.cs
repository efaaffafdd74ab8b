using System.Text.Json;

namespace LatentSync.Tests.Cli;

/// <summary>What a run of the command left behind.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Standard output, line by line, each of which must be JSON.</summary>
    public JsonElement[] Events => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.Clone())];

    public IEnumerable<JsonElement> EventsOf(string kind) => Events.Where(e => e.GetProperty("event").GetString() == kind);
}
