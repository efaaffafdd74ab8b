namespace LatentSync.Models.Checkpoints.Torch;

/// <summary>
/// What a pickle's names stand for. An implementation turns them into plain data or refuses them; it never looks a name up in code.
/// </summary>
internal interface IPickleObjects
{
    /// <summary>The value that a module's member stands for.</summary>
    object Global(string module, string name);

    /// <summary>The data that calling <paramref name="callable"/> would have built.</summary>
    object? Reduce(object? callable, object?[] arguments);

    /// <summary>The data that a persistent id stands for.</summary>
    object Persistent(object? id);

    /// <summary>Attributes set on a value after it was built; they are dropped if it may have any.</summary>
    void Build(object? target);
}
