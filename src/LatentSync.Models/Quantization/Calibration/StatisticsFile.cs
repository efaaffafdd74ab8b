using System.Text.Json;
using LatentSync.Models.Packs;
using LatentSync.Models.Quantization.Recipes;
using LatentSync.Runtime;

namespace LatentSync.Models.Quantization.Calibration;

/// <summary>
/// Reading and writing of calibration statistics, so that one calibration serves many recipes. A file may come from anywhere: every number is checked.
/// </summary>
public static class StatisticsFile
{
    /// <summary>The version of the format that this engine writes and reads.</summary>
    public const int CurrentVersion = 1;

    private const string FormatName = "latentsync-calibration";

    // The released UNet's statistics take about 3 MB.
    private const long MaxSizeInBytes = 128 << 20;
    private const int MostRuns = 1_000_000_000;

    /// <summary>Writes a file, beside its final name first.</summary>
    /// <param name="path">The file.</param>
    /// <param name="statistics">What to write.</param>
    /// <exception cref="LatentSyncException">It cannot be written.</exception>
    public static void Write(string path, CalibrationStatistics statistics)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(statistics);
        StatisticsRecord record = new(FormatName, CurrentVersion, [.. statistics.Clips], statistics.Networks.OrderBy(network => network.Key, StringComparer.Ordinal).ToDictionary(network => network.Key, network => ToRecord(network.Value)));
        string temporary = path + ".part";
        try
        {
            using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                JsonSerializer.Serialize(stream, record, StatisticsJsonContext.Default.StatisticsRecord);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new LatentSyncException(LatentSyncError.Output, $"{path}: the statistics cannot be written ({exception.Message}); check the folder's permissions and free space", exception);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LatentSyncException">It is missing, damaged, or of another version.</exception>
    public static CalibrationStatistics Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > MaxSizeInBytes)
            {
                throw Damaged(path, $"{stream.Length >> 20} MiB long");
            }

            StatisticsRecord record = JsonSerializer.Deserialize(stream, StatisticsJsonContext.Default.StatisticsRecord) ?? throw Damaged(path, "it holds null");
            if (record.Format != FormatName || record.Version != CurrentVersion)
            {
                throw Damaged(path, record.Format == FormatName ? $"version {record.Version}, this engine reads {CurrentVersion}" : "another format");
            }

            return new CalibrationStatistics(record.Networks.ToDictionary(network => network.Key, network => ToStatistics(path, network.Key, network.Value), StringComparer.Ordinal), record.Clips, Path.GetFileName(path));
        }
        catch (JsonException exception)
        {
            throw Damaged(path, exception.Message.ReplaceLineEndings(" ").TrimEnd('.'), exception);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: no such file; give calibration statistics", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: cannot be read ({exception.Message}); check its permissions", exception);
        }
    }

    private static NetworkRecord ToRecord(NetworkStatistics statistics) => new(
        statistics.Fingerprint,
        statistics.RunCount,
        statistics.Histograms.OrderBy(value => value.Key, StringComparer.Ordinal).ToDictionary(value => value.Key, value => ToRecord(value.Value)));

    private static ValueRecord ToRecord(MagnitudeHistogram histogram) => new(histogram.Largest, histogram.Counts.TrimEnd(0L).ToArray());

    private static NetworkStatistics ToStatistics(string path, string name, NetworkRecord record)
    {
        if (!QuantizationRecipe.NetworkNames.Contains(name) || record is null || record.Fingerprint.Length != 64 || !record.Fingerprint.All(char.IsAsciiHexDigitLower) || record.Runs is < 1 or > MostRuns)
        {
            throw Damaged(path, "an entry that is no network's");
        }

        NetworkStatistics statistics = new(record.Fingerprint) { RunCount = record.Runs };
        foreach ((string value, ValueRecord? seen) in record.Values)
        {
            statistics.Restore(value, Histogram(seen) ?? throw Damaged(path, $"impossible numbers for '{ManifestFile.Printable(value)}' of '{name}'"));
        }

        return statistics;
    }

    // The largest magnitude has been counted in a bin or lies in a later one; counts are not negative and their sum does not run over.
    private static MagnitudeHistogram? Histogram(ValueRecord? record)
    {
        if (record is not { Largest: >= 0 } || !float.IsFinite(record.Largest) || record.Counts.Length is < 1 or > MagnitudeHistogram.BinCount
            || Array.Exists(record.Counts, count => count is < 0 or > long.MaxValue / MagnitudeHistogram.BinCount))
        {
            return null;
        }

        MagnitudeHistogram histogram = MagnitudeHistogram.Restore(record.Largest, record.Counts);
        int most = histogram.Range > 0 ? (int)(record.Largest / histogram.Range * MagnitudeHistogram.BinCount) : 0;
        return histogram.Count > 0 && record.Counts.Length <= most + 1 ? histogram : null;
    }

    private static LatentSyncException Damaged(string path, string reason, Exception? inner = null) =>
        new(LatentSyncError.Model, $"{path}: not usable calibration statistics ({reason}); calibrate again", inner);
}
