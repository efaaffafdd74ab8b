using System.Numerics;
using LatentSync.Runtime;

namespace LatentSync.Models.Checkpoints.Torch;

/// <summary>
/// Reads one pickle of protocol 2 to 5 as data. Values are null, <see cref="bool"/>, <see cref="long"/>, <see cref="BigInteger"/>,
/// <see cref="double"/>, <see cref="string"/>, byte arrays, object arrays (tuples), lists, <see cref="PickleDictionary"/> and what
/// <see cref="IPickleObjects"/> makes of names. Opcodes: Python's <c>pickletools</c>. Time and memory are bounded whatever the input:
/// it runs in one pass without recursion, and values, memo and text are counted.
/// </summary>
internal sealed class PickleMachine(PickleInput input, IPickleObjects objects)
{
    // The full-size UNet takes about 60 thousand values; a training checkpoint with its optimizer some 200 thousand.
    private const int MaxValues = 1_000_000;
    private const int MaxLongInBytes = 64;
    private const int SmallIntegers = 256;

    private static readonly object[] Boxed = [.. Enumerable.Range(0, SmallIntegers).Select(i => (object)(long)i)];
    private static readonly object True = true, False = false;

    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly PickleMemo _memo = new(MaxValues);
    private int _values;

    /// <summary>Runs to the end of the pickle and returns its value; the input then stands behind it.</summary>
    public object? Read()
    {
        if (input.ReadByte() != 0x80 || input.ReadByte() is < 2 or > 5)
        {
            throw input.Damaged("its pickle is not of protocol 2 to 5");
        }

        while (true)
        {
            byte opcode = input.ReadByte();
            if (opcode == '.')
            {
                return _stack.Count == 1 && _marks.Count == 0 ? _stack[0] : throw input.Damaged("its pickle ends with values left over or missing");
            }

            Step(opcode);
        }
    }

    private void Step(byte opcode)
    {
        switch (opcode)
        {
            case 0x95: // FRAME: how much to read ahead, of no use here
                input.ReadUInt64();
                break;
            case (byte)'(':
                Count();
                _marks.Push(_stack.Count);
                break;
            case (byte)'0' when _marks.Count > 0 && _marks.Peek() == _stack.Count:
                _marks.Pop();
                break;
            case (byte)'0':
                Pop();
                break;
            case (byte)'1':
                PopMark();
                break;
            case (byte)'2':
                Push(Top());
                break;
            case (byte)'N':
                Push(null);
                break;
            case 0x88 or 0x89:
                Push(opcode == 0x88 ? True : False);
                break;
            case (byte)'K':
                PushInteger(input.ReadByte());
                break;
            case (byte)'M':
                PushInteger(input.ReadUInt16());
                break;
            case (byte)'J':
                PushInteger((int)input.ReadUInt32());
                break;
            case 0x8a:
                PushLong(input.ReadByte());
                break;
            case 0x8b:
                PushLong(input.ReadUInt32());
                break;
            case (byte)'G':
                Push(input.ReadBigEndianDouble());
                break;
            case (byte)'X':
                Push(input.ReadString(input.ReadUInt32()));
                break;
            case 0x8c:
                Push(input.ReadString(input.ReadByte()));
                break;
            case 0x8d:
                Push(input.ReadString(input.ReadUInt64()));
                break;
            case (byte)'U': // Python 2's str: bytes that were meant as text
                Push(input.ReadString(input.ReadByte(), latin1: true));
                break;
            case (byte)'T':
                Push(input.ReadString(input.ReadUInt32(), latin1: true));
                break;
            case (byte)'C':
                Push(input.ReadByteString(input.ReadByte()));
                break;
            case (byte)'B':
                Push(input.ReadByteString(input.ReadUInt32()));
                break;
            case 0x8e:
                Push(input.ReadByteString(input.ReadUInt64()));
                break;
            default:
                StepOnStructures(opcode);
                break;
        }
    }

    private void StepOnStructures(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'}':
                Push(new PickleDictionary());
                break;
            case (byte)']' or 0x8f: // a set is kept as a list
                Push(new List<object?>(0));
                break;
            case (byte)')':
                Push(Array.Empty<object?>());
                break;
            case (byte)'t' or 0x91: // a frozen set is kept as a tuple
                Push(PopMark());
                break;
            case 0x85 or 0x86 or 0x87:
                Push(PopMany(opcode - 0x84));
                break;
            case (byte)'a':
                object? item = Pop();
                Top<List<object?>>("list").Add(item);
                break;
            case (byte)'e' or 0x90:
                object?[] items = PopMark();
                Top<List<object?>>("list").AddRange(items);
                break;
            case (byte)'s':
                object?[] pair = PopMany(2);
                Top<PickleDictionary>("dict").Set(pair[0], pair[1]);
                break;
            case (byte)'u':
                SetItems(PopMark());
                break;
            case (byte)'q':
                Memoize(input.ReadByte());
                break;
            case (byte)'r':
                Memoize(input.ReadUInt32());
                break;
            case 0x94:
                Memoize((uint)_memo.Count);
                break;
            case (byte)'h':
                PushMemo(input.ReadByte());
                break;
            case (byte)'j':
                PushMemo(input.ReadUInt32());
                break;
            case (byte)'c':
                string module = input.ReadLine();
                Push(objects.Global(module, input.ReadLine()));
                break;
            case 0x93:
                object?[] names = PopMany(2);
                Push(names is [string from, string name] ? objects.Global(from, name) : throw input.Damaged("a name in its pickle is not a text"));
                break;
            case (byte)'R' or 0x81: // calling and making anew are the same to data
                object?[] call = PopMany(2);
                Push(objects.Reduce(call[0], call[1] as object?[] ?? throw input.Damaged("its pickle calls something without a tuple of arguments")));
                break;
            case (byte)'Q':
                Push(objects.Persistent(Pop()));
                break;
            case (byte)'b':
                Pop();
                objects.Build(Top());
                break;
            default:
                throw input.Damaged($"its pickle has the opcode 0x{opcode:X2}, which no tensor, container or scalar needs");
        }
    }

    private void SetItems(object?[] items)
    {
        PickleDictionary dictionary = Top<PickleDictionary>("dict");
        if (items.Length % 2 != 0)
        {
            throw input.Damaged("its pickle sets a key without a value");
        }

        for (int i = 0; i < items.Length; i += 2)
        {
            dictionary.Set(items[i], items[i + 1]);
        }
    }

    private void PushInteger(long value) => Push(value is >= 0 and < SmallIntegers ? Boxed[value] : value);

    private void PushLong(uint length)
    {
        if (length > MaxLongInBytes)
        {
            throw input.Damaged($"its pickle has an integer of {length} bytes");
        }

        BigInteger value = new(input.ReadByteString(length));
        if (value >= long.MinValue && value <= long.MaxValue)
        {
            PushInteger((long)value);
        }
        else
        {
            Push(value);
        }
    }

    private void Count()
    {
        if (++_values > MaxValues)
        {
            throw input.Damaged($"its pickle holds more than {MaxValues} values");
        }
    }

    private void Push(object? value)
    {
        Count();
        _stack.Add(value);
    }

    private void Memoize(uint index)
    {
        if (!_memo.TryKeep(index, Top()))
        {
            throw input.Damaged($"its pickle remembers more than {MaxValues} values");
        }
    }

    private void PushMemo(uint index) =>
        Push(_memo.TryGet(index, out object? value) ? value : throw input.Damaged($"its pickle refers to value {index}, which it never kept"));

    private object? Pop()
    {
        object? value = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] PopMany(int count)
    {
        int floor = _marks.Count > 0 ? _marks.Peek() : 0;
        if (_stack.Count - floor < count)
        {
            throw StackIsEmpty();
        }

        object?[] values = new object?[count];
        _stack.CopyTo(_stack.Count - count, values, 0, count);
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private object?[] PopMark() => _marks.TryPop(out int mark) ? PopMany(_stack.Count - mark) : throw StackIsEmpty();

    private object? Top()
    {
        int floor = _marks.Count > 0 ? _marks.Peek() : 0;
        return _stack.Count > floor ? _stack[^1] : throw StackIsEmpty();
    }

    private T Top<T>(string expected)
        where T : class => Top() as T ?? throw input.Damaged($"its pickle adds to something that is not a {expected}");

    private LatentSyncException StackIsEmpty() => input.Damaged("its pickle takes a value that it never gave");
}
