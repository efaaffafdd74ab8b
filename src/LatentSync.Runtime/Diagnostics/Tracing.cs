using System.Diagnostics;

namespace LatentSync.Runtime.Diagnostics;

/// <summary>
/// Where the product's spans come from: each stage's work, each run of a network, each network's loading. Whoever listens to <see cref="SourceName"/> sees them
/// (<c>latentsync profile</c>, OpenTelemetry, dotnet-trace's Microsoft-Diagnostics-DiagnosticSource); with no listener a span costs a comparison and no memory.
/// </summary>
public static class Tracing
{
    /// <summary>The name to listen to.</summary>
    public const string SourceName = "LatentSync";

    /// <summary>Tag of a span that loads a network: where ONNX Runtime writes the session's profile, without the time and ending that it adds.</summary>
    public const string ProfilePrefixTag = "onnxruntime.profile.prefix";

    /// <summary>Tag of the same span: where that profile's clock begins, in nanoseconds since 1970 (UTC).</summary>
    public const string ProfileStartTag = "onnxruntime.profile.start_ns";

    /// <summary>The source.</summary>
    public static ActivitySource Source { get; } = new(SourceName);
}
