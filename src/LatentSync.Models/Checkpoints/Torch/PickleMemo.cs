namespace LatentSync.Models.Checkpoints.Torch;

/// <summary>
/// The values that a pickle kept, by number. Pickles count from zero, so this is an array: in a hash table numbers that an attacker
/// chooses could all collide. Numbers up to the limit are taken, gaps included.
/// </summary>
internal sealed class PickleMemo(int limit)
{
    private static readonly object Nothing = new();

    private object?[] _values = [];

    /// <summary>How many numbers hold a value.</summary>
    public int Count { get; private set; }

    /// <summary>Keeps a value in the place of what its number held; false if the number is not below the limit.</summary>
    public bool TryKeep(uint index, object? value)
    {
        if (index >= limit)
        {
            return false;
        }

        if (index >= _values.Length)
        {
            int length = _values.Length;
            Array.Resize(ref _values, (int)Math.Min(limit, Math.Max(index + 1, length * 2L)));
            Array.Fill(_values, Nothing, length, _values.Length - length);
        }

        Count += ReferenceEquals(_values[index], Nothing) ? 1 : 0;
        _values[index] = value;
        return true;
    }

    public bool TryGet(uint index, out object? value)
    {
        value = index < _values.Length ? _values[index] : Nothing;
        return !ReferenceEquals(value, Nothing);
    }
}
