using System.Globalization;
using CsvHelper;
using LatentSync.Runtime;

namespace LatentSync.Pipeline;

/// <summary>The mouth that a recording calls for: a CSV with a row a frame and a column <c>openness</c>, 0 closed to 1 wide open.</summary>
internal static class MouthTable
{
    private const string Column = "openness";

    /// <summary>Reads the openness of every frame.</summary>
    /// <exception cref="LatentSyncException">The file is missing or is not such a table.</exception>
    public static IReadOnlyList<double> ReadOpenness(string path)
    {
        try
        {
            using StreamReader reader = new(path);
            using CsvReader csv = new(reader, CultureInfo.InvariantCulture);
            List<double> rows = [];
            csv.Read();
            csv.ReadHeader();
            while (csv.Read())
            {
                rows.Add(csv.GetField<double>(Column));
            }

            return rows.Count > 0 ? rows : throw new LatentSyncException(LatentSyncError.Media, $"{path}: the table has no rows; give one for every frame");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Media, $"{path}: cannot be read ({exception.Message.ReplaceLineEndings(" ")}); check the path", exception);
        }
        catch (CsvHelperException exception)
        {
            throw new LatentSyncException(LatentSyncError.Media, $"{path}: not a table with a number in column '{Column}' for every frame", exception);
        }
    }
}
