using System.Text.Json.Serialization;

namespace LatentSync.Runtime;

/// <summary>How often a denoising loop writes an input of its network.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InputChange>))]
public enum InputChange
{
    /// <summary>Once a job: the same for all chunks.</summary>
    [JsonStringEnumMemberName("job")]
    Job,

    /// <summary>Once a chunk: the same for all steps of it.</summary>
    [JsonStringEnumMemberName("chunk")]
    Chunk,

    /// <summary>Before every step.</summary>
    [JsonStringEnumMemberName("step")]
    Step,
}
