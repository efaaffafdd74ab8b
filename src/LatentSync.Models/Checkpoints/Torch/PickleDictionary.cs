namespace LatentSync.Models.Checkpoints.Torch;

/// <summary>
/// A Python dict as pairs in the order they were set. Nothing is looked up while a pickle is read: hashing keys that an
/// attacker chooses would let a small file take quadratic time. A repeated key's last value counts.
/// </summary>
internal sealed class PickleDictionary
{
    private List<KeyValuePair<object?, object?>>? _pairs;

    public IReadOnlyList<KeyValuePair<object?, object?>> Pairs => _pairs ?? (IReadOnlyList<KeyValuePair<object?, object?>>)[];

    public void Set(object? key, object? value) => (_pairs ??= []).Add(new(key, value));
}
