using System.Text.Encodings.Web;
using System.Text.Json;
using LatentSync.Runtime;

namespace LatentSync.Profiling.Profiles;

/// <summary>What several runs of one job took, as <c>profile.json</c> keeps it.</summary>
/// <param name="Format">Version of the file's format, <see cref="CurrentFormat"/>.</param>
/// <param name="Job">What was run, in words: profiles of different jobs are not compared.</param>
/// <param name="Backend">What ran UNet and VAE.</param>
/// <param name="Processors">Logical processors of the machine.</param>
/// <param name="Runs">The plain runs, in order.</param>
/// <param name="Networks">The networks, from the runs with profiles of layers.</param>
/// <param name="Layers">Their layers, the slowest first.</param>
/// <param name="ProfilingOverhead">Median wall time of the runs with profiles of layers, as a ratio to that of the plain ones.</param>
public sealed record JobProfile(
    int Format,
    string Job,
    string Backend,
    int Processors,
    IReadOnlyList<ProfiledRun> Runs,
    IReadOnlyList<NetworkTimes> Networks,
    IReadOnlyList<LayerTimes> Layers,
    double ProfilingOverhead)
{
    /// <summary>The format that this version writes and reads.</summary>
    public const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads a profile.</summary>
    /// <param name="path">A <c>profile.json</c>.</param>
    /// <exception cref="LatentSyncException">The file is missing, is not a profile, or is of another version's format.</exception>
    public static JobProfile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        JobProfile? profile;
        try
        {
            using FileStream file = File.OpenRead(path);
            profile = JsonSerializer.Deserialize<JobProfile>(file, s_json);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"{path}: is no profile ({exception.Message}); give a profile.json that 'latentsync profile' wrote", exception);
        }

        return profile is { Format: CurrentFormat }
            ? profile
            : throw new LatentSyncException(LatentSyncError.Usage, $"{path}: is a profile of format {profile?.Format}, this version reads {CurrentFormat}; profile again");
    }

    /// <summary>Writes the profile beside, then under its name.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LatentSyncException">The file cannot be written.</exception>
    public void Write(string path) => ReportFile.Write(path, stream => JsonSerializer.Serialize(stream, this, s_json));
}
