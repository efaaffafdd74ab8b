using System.Text.Json;
using System.Text.RegularExpressions;
using LatentSync.Runtime;

namespace LatentSync.Profiling.Layers;

/// <summary>What ONNX Runtime recorded of one session: a file in the Chrome trace format, an array of events with times in microseconds.</summary>
/// <param name="Network">The network, from the file's name.</param>
/// <param name="Layers">Every run of every operator, in order.</param>
/// <param name="Runs">How long each run of the whole network took, in order.</param>
public sealed partial record OnnxProfile(string Network, IReadOnlyList<LayerRun> Layers, IReadOnlyList<TimeSpan> Runs)
{
    private const string KernelSuffix = "_kernel_time";

    // What ONNX Runtime's optimiser adds to a convolution's name when it puts it into its own layout.
    private const string LayoutSuffix = "_nchwc";

    /// <summary>Reads a profile.</summary>
    /// <param name="path">A <c>.json</c> file that ONNX Runtime wrote, <c>NETWORK-NUMBER_DATE.json</c>.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="LatentSyncException">The file is missing, cut off or something else.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public static async Task<OnnxProfile> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        List<LayerRun> layers = [];
        List<TimeSpan> runs = [];
        try
        {
            await using FileStream file = File.OpenRead(path);
            await foreach (JsonElement item in JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(file, cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                Read(item, layers, runs);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException or IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Environment, $"{path}: is no whole profile of ONNX Runtime ({exception.Message}); profile again into a folder with room", exception);
        }

        return new OnnxProfile(NetworkOf(path), layers, runs);
    }

    // NETWORK-NUMBER_YEAR-MONTH-...: the network's own name may hold dashes and underscores too.
    private static string NetworkOf(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        Match match = NetworkName().Match(name);
        return match.Success ? match.Groups[1].Value : name;
    }

    [GeneratedRegex(@"^(.+)-\d+_\d{4}-")]
    private static partial Regex NetworkName();

    private static void Read(JsonElement item, List<LayerRun> layers, List<TimeSpan> runs)
    {
        string name = item.GetProperty("name").GetString()!;
        string category = item.GetProperty("cat").GetString()!;
        if (category == "Session" && name == "model_run")
        {
            runs.Add(Microseconds(item, "dur"));
        }
        else if (category == "Node" && name.EndsWith(KernelSuffix, StringComparison.Ordinal))
        {
            layers.Add(new LayerRun(
                Module(name[..^KernelSuffix.Length]),
                item.GetProperty("args").GetProperty("op_name").GetString()!,
                Microseconds(item, "ts"),
                Microseconds(item, "dur"),
                item.GetProperty("tid").GetInt64()));
        }
    }

    private static string Module(string node) => node.EndsWith(LayoutSuffix, StringComparison.Ordinal) ? node[..^LayoutSuffix.Length] : node;

    private static TimeSpan Microseconds(JsonElement item, string property) => TimeSpan.FromMicroseconds(item.GetProperty(property).GetDouble());
}
