using System.Numerics;
using LatentSync.Runtime;

namespace LatentSync.Models.Checkpoints.Torch;

/// <summary>
/// The names a torch checkpoint may use, and the data that each stands for. Argument orders: <c>torch/_utils.py</c>
/// (<c>_rebuild_*</c>) and <c>torch/serialization.py</c> (<c>persistent_load</c>).
/// </summary>
internal sealed class TorchObjects(string path) : IPickleObjects
{
    // Weights have at most five dimensions, the full-size UNet 1246 tensors, and storage keys are decimal numbers: bounded because
    // a pickle can name one value again for two bytes, and each use would be paid here in full.
    private const int MaxDimensions = 16;
    private const int MaxTensors = 100_000;
    private const int MaxStorages = 100_000;
    private const int MaxCopiedPairs = 1_000_000;
    private const int MaxKeyLength = 64;

    private const string OrderedDict = "collections.OrderedDict", Size = "torch.Size";
    private const string Tensor = "torch._utils._rebuild_tensor", TensorV2 = "torch._utils._rebuild_tensor_v2", TensorV3 = "torch._utils._rebuild_tensor_v3";
    private const string Parameter = "torch._utils._rebuild_parameter", ParameterWithState = "torch._utils._rebuild_parameter_with_state";

    private static readonly Dictionary<string, CheckpointDType?> StorageTypes = new(StringComparer.Ordinal)
    {
        ["torch.BoolStorage"] = CheckpointDType.Bool,
        ["torch.ByteStorage"] = CheckpointDType.UInt8,
        ["torch.CharStorage"] = CheckpointDType.Int8,
        ["torch.ShortStorage"] = CheckpointDType.Int16,
        ["torch.IntStorage"] = CheckpointDType.Int32,
        ["torch.LongStorage"] = CheckpointDType.Int64,
        ["torch.HalfStorage"] = CheckpointDType.Float16,
        ["torch.BFloat16Storage"] = CheckpointDType.BFloat16,
        ["torch.FloatStorage"] = CheckpointDType.Float32,
        ["torch.DoubleStorage"] = CheckpointDType.Float64,
        ["torch.UntypedStorage"] = null,
        ["torch.storage.UntypedStorage"] = null,
    };

    private static readonly Dictionary<string, CheckpointDType> DTypes = new(StringComparer.Ordinal)
    {
        ["torch.bool"] = CheckpointDType.Bool,
        ["torch.uint8"] = CheckpointDType.UInt8,
        ["torch.uint16"] = CheckpointDType.UInt16,
        ["torch.uint32"] = CheckpointDType.UInt32,
        ["torch.uint64"] = CheckpointDType.UInt64,
        ["torch.int8"] = CheckpointDType.Int8,
        ["torch.int16"] = CheckpointDType.Int16,
        ["torch.int32"] = CheckpointDType.Int32,
        ["torch.int64"] = CheckpointDType.Int64,
        ["torch.float8_e4m3fn"] = CheckpointDType.Float8E4M3,
        ["torch.float8_e5m2"] = CheckpointDType.Float8E5M2,
        ["torch.float16"] = CheckpointDType.Float16,
        ["torch.bfloat16"] = CheckpointDType.BFloat16,
        ["torch.float32"] = CheckpointDType.Float32,
        ["torch.float64"] = CheckpointDType.Float64,
    };

    private readonly Dictionary<string, PickleGlobal> _globals = new(StringComparer.Ordinal);
    private readonly List<TorchStorage> _storages = [];
    private int _tensors;
    private long _copiedPairs;

    /// <summary>Every storage that was named, whether or not a tensor uses it.</summary>
    public IReadOnlyList<TorchStorage> Storages => _storages;

    public object Global(string module, string name)
    {
        string fullName = $"{module}.{name}";
        if (_globals.TryGetValue(fullName, out PickleGlobal? known))
        {
            return known;
        }

        bool allowed = fullName is OrderedDict or Size or Tensor or TensorV2 or TensorV3 or Parameter or ParameterWithState
            || StorageTypes.ContainsKey(fullName)
            || DTypes.ContainsKey(fullName);
        return allowed
            ? _globals[fullName] = new PickleGlobal(fullName)
            : throw new LatentSyncException(
                LatentSyncError.Model,
                $"{path}: it asks for {CheckpointFile.Quote(fullName)}, which is not among the tensors, containers and scalars that are read; refused, and nothing in it was run: save the bare state dict, or get the file from a source you trust");
    }

    public object? Reduce(object? callable, object?[] arguments)
    {
        string? name = (callable as PickleGlobal)?.FullName;
        return (name, arguments) switch
        {
            (OrderedDict, []) => new PickleDictionary(),
            (OrderedDict, [List<object?> pairs]) => FromPairs(pairs),
            (Size, [object?[] extents]) => extents,
            (Size, []) => arguments,
            (Tensor, [TorchStorage storage, _, _, _]) => View(storage, storage.DType, arguments),
            (TensorV2, [TorchStorage storage, _, _, _, _, _, .. var flags]) when HasNoFlags(flags) => View(storage, storage.DType, arguments),
            (TensorV3, [TorchStorage storage, _, _, _, _, _, PickleGlobal dtype, .. var flags])
                when HasNoFlags(flags) && DTypes.TryGetValue(dtype.FullName, out CheckpointDType type) => View(storage, type, arguments),
            (Parameter, [TorchTensor tensor, _, _]) => tensor,
            (ParameterWithState, [TorchTensor tensor, _, _, _]) => tensor,
            (null, _) => throw Damaged("its pickle calls something that is not a name"),
            _ => throw Damaged($"its pickle uses {CheckpointFile.Quote(name)} with {arguments.Length} arguments that do not fit it"),
        };
    }

    public object Persistent(object? id)
    {
        // ('storage', type, key, location, element count), in the older format also (view key, first element, element count) or None.
        if (id is not object?[] { Length: 5 or 6 } parts
            || parts is not ["storage", PickleGlobal type, string key, _, _, ..]
            || !StorageTypes.TryGetValue(type.FullName, out CheckpointDType? dtype))
        {
            throw Damaged("its pickle refers to something that is not a storage");
        }

        if (key.Length > MaxKeyLength)
        {
            throw Damaged($"its pickle refers to a storage by the overlong key {CheckpointFile.Quote(key)}");
        }

        long count = NotNegative(parts[4], "a storage's element count");
        long first = 0;
        if (parts.Length == 6 && parts[5] is { } view)
        {
            if (view is not object?[] { Length: 3 } viewParts)
            {
                throw Damaged("its pickle refers to something that is not a storage");
            }

            first = NotNegative(viewParts[1], "a storage view's offset");
            long whole = count;
            count = NotNegative(viewParts[2], "a storage view's element count");
            if (first > whole || count > whole - first)
            {
                throw Damaged($"a view of storage {CheckpointFile.Quote(key)} lies outside it");
            }
        }

        // Bounded so that sizes in bytes cannot overflow; no disk holds as much.
        if (count > long.MaxValue / 64 || first > long.MaxValue / 64)
        {
            throw Damaged($"storage {CheckpointFile.Quote(key)} claims {count} elements");
        }

        if (_storages.Count == MaxStorages)
        {
            throw Damaged($"it refers to storages more than {MaxStorages} times");
        }

        TorchStorage storage = new(key, dtype, count, first);
        _storages.Add(storage);
        return storage;
    }

    public void Build(object? target)
    {
        if (target is not (PickleDictionary or TorchTensor))
        {
            throw Damaged("its pickle sets attributes on something that has none");
        }
    }

    // The last argument, where there is one, marks views whose elements count as negated or conjugated; no weights are saved so.
    private static bool HasNoFlags(object?[] flags) => flags is [] or [null] or [PickleDictionary { Pairs.Count: 0 }];

    private PickleDictionary FromPairs(List<object?> pairs)
    {
        // The list may be one that was given before: counted at each use, or a few bytes would copy it whole.
        _copiedPairs += pairs.Count;
        if (_copiedPairs > MaxCopiedPairs)
        {
            throw Damaged($"its pickle copies more than {MaxCopiedPairs} pairs into dicts");
        }

        PickleDictionary dictionary = new();
        foreach (object? pair in pairs)
        {
            (object? key, object? value) = pair switch
            {
                object?[] { Length: 2 } tuple => (tuple[0], tuple[1]),
                List<object?> { Count: 2 } list => (list[0], list[1]),
                _ => throw Damaged("its pickle fills a dict with something that is not a pair"),
            };
            dictionary.Set(key, value);
        }

        return dictionary;
    }

    private TorchTensor View(TorchStorage storage, CheckpointDType? dtype, object?[] arguments)
    {
        if (dtype is not { } type)
        {
            throw Damaged("a tensor in it has no element type");
        }

        if (++_tensors > MaxTensors)
        {
            throw Damaged($"it holds more than {MaxTensors} tensors");
        }

        long offset = NotNegative(arguments[1], "a tensor's offset");
        long[] shape = NotNegative(arguments[2] as object?[], "a tensor's extent");
        long[] strides = NotNegative(arguments[3] as object?[], "a tensor's stride");
        if (shape.Length != strides.Length || shape.Length > MaxDimensions)
        {
            throw Damaged($"a tensor in it has {shape.Length} extents and {strides.Length} strides");
        }

        CheckInside(storage, type, offset, shape, strides);
        return new TorchTensor(storage, type, offset, shape, strides);
    }

    private void CheckInside(TorchStorage storage, CheckpointDType dtype, long offset, long[] shape, long[] strides)
    {
        Int128 available = (Int128)storage.ElementCount * (storage.DType?.SizeInBytes() ?? 1) / dtype.SizeInBytes();
        Int128 elements = 1, last = offset;
        for (int i = 0; i < shape.Length; i++)
        {
            // Each factor is below 2^63; stopping at 2^62 keeps the product inside 128 bits.
            elements *= shape[i];
            last += (Int128)Math.Max(0, shape[i] - 1) * strides[i];
            if (elements > long.MaxValue / 2 || last > long.MaxValue / 2)
            {
                throw OutsideStorage();
            }
        }

        if (elements > 0 && last >= available)
        {
            throw OutsideStorage();
        }

        LatentSyncException OutsideStorage() =>
            Damaged($"a tensor of shape [{string.Join(',', shape)}], strides [{string.Join(',', strides)}] and offset {offset} does not fit into storage {CheckpointFile.Quote(storage.Key)} of {storage.ElementCount} elements");
    }

    private long[] NotNegative(object?[]? values, string what)
    {
        if (values is null || values.Length > MaxDimensions)
        {
            throw Damaged($"{what} is missing, or there are more than {MaxDimensions}");
        }

        return Array.ConvertAll(values, value => NotNegative(value, what));
    }

    private long NotNegative(object? value, string what) => value switch
    {
        long number and >= 0 => number,
        long or BigInteger => throw Damaged($"{what} is negative or too large"),
        _ => throw Damaged($"{what} is not an integer"),
    };

    private LatentSyncException Damaged(string reason) => CheckpointFile.Damaged(path, reason);
}
