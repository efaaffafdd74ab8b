using System.Globalization;
using LatentSync.Runtime;

namespace LatentSync.Models.Checkpoints.Torch;

/// <summary>Finds the state dict in what a pickle held, and sorts the rest into scalars with dotted names.</summary>
internal sealed class StateDict
{
    // Training scripts wrap the state dict in one of these; checked in this order.
    private static readonly string[] Wrappers = ["state_dict", "model_state_dict", "model", "module", "net", "weights"];

    // Data may be shared and even contain itself, so that walking it can take far longer than reading it: depth, visits and text are bounded.
    private const int MaxDepth = 32;
    private const int MaxVisits = 1_000_000;
    private const int MaxNames = 100_000;
    private const long MaxNameCharacters = 16 << 20;

    private readonly string _path;
    private readonly Dictionary<string, TorchTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object> _metadata = new(StringComparer.Ordinal);
    private int _visits;
    private long _nameCharacters;

    private StateDict(string path)
    {
        _path = path;
    }

    /// <summary>Tensors by name, without wrappers and without a <c>module.</c> that all share.</summary>
    public IReadOnlyDictionary<string, TorchTensor> Tensors => _tensors;

    /// <summary>Scalars by dotted name, wrappers included.</summary>
    public IReadOnlyDictionary<string, object> Metadata => _metadata;

    public static StateDict Find(string path, object? root)
    {
        StateDict result = new(path);
        if (root is not PickleDictionary top)
        {
            throw CheckpointFile.Damaged(path, "it holds something other than a dict of tensors");
        }

        PickleDictionary state = result.Unwrap(top);
        Dictionary<string, TorchTensor> found = new(StringComparer.Ordinal);
        result.Walk(state, string.Empty, 0, found, metadata: null);
        result.Walk(top, string.Empty, 0, tensors: null, result._metadata);
        if (found.Count == 0)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: there is no tensor in it; is it the right file?");
        }

        result.TakeOffModulePrefix(found);
        return result;
    }

    private PickleDictionary Unwrap(PickleDictionary dictionary)
    {
        for (int depth = 0; depth < MaxDepth; depth++)
        {
            PickleDictionary? inner = FindWrapped(dictionary);
            if (inner is null)
            {
                return dictionary;
            }

            dictionary = inner;
        }

        throw TooDeep();
    }

    private PickleDictionary? FindWrapped(PickleDictionary dictionary)
    {
        Visit(dictionary.Pairs.Count);
        foreach (string wrapper in Wrappers)
        {
            object? value = dictionary.Pairs.LastOrDefault(pair => pair.Key is string key && key == wrapper).Value;
            if (value is PickleDictionary inner && HoldsTensors(inner, 0))
            {
                return inner;
            }
        }

        // A single nesting under another name; with several the names below say which is which.
        if (dictionary.Pairs.Any(pair => pair.Value is TorchTensor))
        {
            return null;
        }

        List<PickleDictionary> holders = [.. dictionary.Pairs.Select(pair => pair.Value).OfType<PickleDictionary>().Where(inner => HoldsTensors(inner, 0)).Take(2)];
        return holders.Count == 1 ? holders[0] : null;
    }

    private bool HoldsTensors(PickleDictionary dictionary, int depth)
    {
        CheckDepth(depth);
        foreach ((_, object? value) in dictionary.Pairs)
        {
            Visit();
            if (value is TorchTensor || (value is PickleDictionary inner && HoldsTensors(inner, depth + 1)))
            {
                return true;
            }
        }

        return false;
    }

    private void Walk(object? value, string name, int depth, Dictionary<string, TorchTensor>? tensors, Dictionary<string, object>? metadata)
    {
        CheckDepth(depth);
        Visit();
        switch (value)
        {
            case PickleDictionary dictionary:
                foreach ((object? key, object? item) in dictionary.Pairs)
                {
                    if (KeyText(key) is { } text)
                    {
                        Walk(item, Join(name, text), depth + 1, tensors, metadata);
                    }
                }

                break;
            case List<object?> or object?[]:
                int index = 0;
                foreach (object? item in (IEnumerable<object?>)value)
                {
                    Walk(item, Join(name, index++.ToString(CultureInfo.InvariantCulture)), depth + 1, tensors, metadata);
                }

                break;
            case TorchTensor tensor when tensors is not null:
                Name(tensors, name, tensor);
                break;
            case bool or long or double or string when metadata is not null:
                Name(metadata, name, value);
                break;
            default:
                break;
        }
    }

    private void Name<T>(Dictionary<string, T> values, string name, T value)
    {
        values[name] = value;
        if (values.Count > MaxNames)
        {
            throw CheckpointFile.Damaged(_path, $"its data unfolds to more than {MaxNames} names");
        }
    }

    private void TakeOffModulePrefix(Dictionary<string, TorchTensor> found)
    {
        // Data-parallel training puts it before every name; where only some have it, it is a module's own name.
        const string Prefix = "module.";
        int skipped = 0;
        while (found.Keys.All(name => name.AsSpan(skipped).StartsWith(Prefix, StringComparison.Ordinal)))
        {
            skipped += Prefix.Length;
        }

        foreach ((string name, TorchTensor tensor) in found)
        {
            _tensors.Add(name[skipped..], tensor);
        }
    }

    private static string? KeyText(object? key) => key switch
    {
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private string Join(string prefix, string name)
    {
        _nameCharacters += prefix.Length + name.Length + 1;
        if (_nameCharacters > MaxNameCharacters)
        {
            throw CheckpointFile.Damaged(_path, "the names in it grow without end");
        }

        return prefix.Length == 0 ? name : $"{prefix}.{name}";
    }

    private void Visit(int count = 1)
    {
        _visits += count;
        if (_visits > MaxVisits)
        {
            throw CheckpointFile.Damaged(_path, $"its data unfolds to more than {MaxVisits} values");
        }
    }

    private void CheckDepth(int depth)
    {
        if (depth > MaxDepth)
        {
            throw TooDeep();
        }
    }

    private LatentSyncException TooDeep() => CheckpointFile.Damaged(_path, $"its data is nested more than {MaxDepth} deep");
}
