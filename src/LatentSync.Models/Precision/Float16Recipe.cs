namespace LatentSync.Models.Precision;

/// <summary>
/// Which operators of a network stay in float32 when the rest goes to half precision. Operators that sum over many elements or take powers
/// (normalisations, softmax, reductions, sines) stay by their kind. Lists hold node names, which begin with the checkpoint's keys, with the
/// wildcards <c>*</c> and <c>?</c>. Immutable.
/// </summary>
public sealed record Float16Recipe
{
    /// <summary>The recipe for the networks of a model pack: norms whole, time embedding and its projections in float32.</summary>
    public static Float16Recipe Default { get; } = new();

    /// <summary>
    /// Nodes that compute in float32. By default the group norms with their activation, because centred values are squared and the statistics span
    /// up to 655,360 elements, and the time embedding (sinusoids of angles up to 1000) with the projections that read it.
    /// </summary>
    public IReadOnlyList<string> Float32Nodes { get; init; } = ["*norm*/*", "time_proj*", "time_embedding*", "*.time_emb_proj"];

    /// <summary>Nodes that compute in half precision although their kind or <see cref="Float32Nodes"/> says otherwise; a weight beyond half precision's range outweighs this.</summary>
    public IReadOnlyList<string> Float16Nodes { get; init; } = [];

    /// <summary>Largest magnitudes that a calibration saw, by the value's name in the graph; empty without one.</summary>
    public IReadOnlyDictionary<string, float> Magnitudes { get; init; } = new Dictionary<string, float>();

    /// <summary>
    /// The magnitude in <see cref="Magnitudes"/> beyond which what reads or makes a value stays in float32. Far below half precision's 65,504: other clips
    /// reach further than those of a calibration, and sums of products further than what goes into them.
    /// </summary>
    public double OverflowLimit { get; init; } = 512;
}
