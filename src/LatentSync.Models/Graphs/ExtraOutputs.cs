using LatentSync.Runtime;

namespace LatentSync.Models.Graphs;

/// <summary>Makes outputs of the modules that were asked for, and refuses names that no module has.</summary>
internal sealed class ExtraOutputs(UNetScope scope, IReadOnlyList<string> modules)
{
    private readonly HashSet<string> _missing = new(modules, StringComparer.Ordinal);

    public FeatureMap Add(string module, FeatureMap x)
    {
        if (_missing.Remove(module))
        {
            GraphAssembler graph = scope.Graph;
            string name = "block." + module;
            string clip = graph.Reshape(name + "/clip", x.Value, scope.Clip(x.Channels, x.Level));
            graph.Output(graph.Transpose(name + "/batch_major", clip, 1, 2, 0, 3, 4), name, "batch", x.Channels, "frames", $"height_{x.Level}", $"width_{x.Level}");
        }

        return x;
    }

    /// <summary>One row for all becomes a row for each of the batch, as the original has it.</summary>
    public void AddTimeEmbedding(string embedding)
    {
        if (_missing.Remove("time_embedding"))
        {
            int width = 4 * scope.Config.BlockOutChannels[0];
            string shape = scope.Graph.Concat("block.time_embedding/shape", 0, scope.Batch, scope.Graph.Int64s(width));
            scope.Graph.Output(scope.Graph.Node("Expand", "block.time_embedding/rows", [embedding, shape]), "block.time_embedding", "batch", width);
        }
    }

    public void RefuseUnknown()
    {
        if (_missing.Count > 0)
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"the UNet has no module '{_missing.Order(StringComparer.Ordinal).First()}' whose output could be taken");
        }
    }
}
