using LatentSync.Models.Onnx;

namespace LatentSync.Models.Graphs;

/// <summary>The timestep as sinusoids, then two linear layers.</summary>
internal static class TimeEmbeddingGraph
{
    /// <summary>The base of the frequencies' geometric series (diffusers' max_period).</summary>
    private const double MaxPeriod = 10000;

    /// <summary>From the timestep [1] to the time embedding [1, 4*C0].</summary>
    public static string Build(GraphAssembler graph, StateDict weights, UNetConfig config, string timestep)
    {
        int width = config.BlockOutChannels[0], half = width / 2;

        // Every step in single precision, as the original does: at t = 1000 a rounding elsewhere would show in the sines.
        float[] frequencies = new float[half];
        for (int k = 0; k < half; k++)
        {
            frequencies[k] = MathF.Exp((float)-Math.Log(MaxPeriod) * k / (float)(half - config.FreqShift));
        }

        string table = graph.Weight("time_proj/frequencies", ConstantSource.Of(frequencies), half);
        string angles = graph.Mul("time_proj/angles", timestep, table);
        string sine = graph.Node("Sin", "time_proj/sin", [angles]), cosine = graph.Node("Cos", "time_proj/cos", [angles]);
        string waves = config.FlipSinToCos ? graph.Concat("time_proj", 0, cosine, sine) : graph.Concat("time_proj", 0, sine, cosine);
        string row = graph.Reshape("time_proj/row", waves, 1, width);
        string hidden = graph.Silu("time_embedding.act", graph.Linear(weights, "time_embedding.linear_1", row, width, 4 * width));
        return graph.Linear(weights, "time_embedding.linear_2", hidden, 4 * width, 4 * width);
    }
}
