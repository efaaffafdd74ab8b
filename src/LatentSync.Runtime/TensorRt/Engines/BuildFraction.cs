namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>One number for nested phases: a step that is under way counts by the share of the phase inside it.</summary>
internal sealed class BuildFraction
{
    private readonly Lock _lock = new();
    private readonly List<EngineBuildStep> _phases = [];
    private double _most;

    /// <summary>Takes in a step; the share of the outermost phase that is done, never less than before.</summary>
    public double Update(EngineBuildStep step)
    {
        lock (_lock)
        {
            int depth = Math.Clamp(step.Depth, 0, _phases.Count);
            _phases.RemoveRange(depth, _phases.Count - depth);
            _phases.Add(step);
            double inner = 0;
            for (int i = _phases.Count - 1; i >= 0; i--)
            {
                inner = Math.Clamp((_phases[i].Step + inner) / Math.Max(1, _phases[i].StepCount), 0, 1);
            }

            return _most = Math.Max(_most, inner);
        }
    }
}
