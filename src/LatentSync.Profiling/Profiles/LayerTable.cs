using System.Globalization;
using CsvHelper;
using LatentSync.Profiling.Comparison;
using LatentSync.Runtime;

namespace LatentSync.Profiling.Profiles;

/// <summary>The layers of a profile as <c>layers.csv</c>.</summary>
internal static class LayerTable
{
    /// <exception cref="LatentSyncException">The file cannot be written.</exception>
    public static void Write(string path, JobProfile profile)
    {
        double all = profile.Layers.Sum(layer => Bootstrap.Median([.. layer.Seconds]));
        ReportFile.Write(path, stream =>
        {
            using StreamWriter text = new(stream, leaveOpen: true);
            using CsvWriter csv = new(text, CultureInfo.InvariantCulture);
            csv.WriteRecords(profile.Layers.Select(layer =>
            {
                double seconds = Bootstrap.Median([.. layer.Seconds]);
                return new { layer.Network, layer.Name, layer.Operator, layer.Calls, MedianSeconds = seconds, Share = all > 0 ? seconds / all : 0 };
            }));
        });
    }
}
