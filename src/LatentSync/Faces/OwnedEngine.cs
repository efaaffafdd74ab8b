using LatentSync.Runtime;

namespace LatentSync.Faces;

/// <summary>Hands a loaded network to its owner, or disposes it when the owner refuses it.</summary>
internal static class OwnedEngine
{
    /// <summary>Creates the owner.</summary>
    /// <param name="engine">The network.</param>
    /// <param name="create">Makes the owner, which disposes the network from then on.</param>
    public static T Use<T>(IInferenceEngine engine, Func<IInferenceEngine, T> create)
    {
        try
        {
            return create(engine);
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }
}
