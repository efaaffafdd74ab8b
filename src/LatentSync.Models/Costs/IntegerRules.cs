namespace LatentSync.Models.Costs;

/// <summary>Rules of the operators that also compute with shapes: where the inputs are known integers, the outputs are.</summary>
internal static class IntegerRules
{
    public static ShapedValue Shape(ShapedNode node)
    {
        long[] shape = node.Input(0).Shape;
        (long start, long end) = Range(node.Integer("start", 0), node.Integer("end", shape.Length), shape.Length);
        return ShapedValue.Of(shape[(int)start..(int)Math.Max(start, end)]);
    }

    public static ShapedValue Arithmetic(ShapedNode node, long[] shape)
    {
        if (node.Input(0).Integers is not { } a || node.Input(1).Integers is not { } b || (a.Length != b.Length && a.Length != 1 && b.Length != 1))
        {
            return new ShapedValue(shape);
        }

        long[] result = new long[Math.Max(a.Length, b.Length)];
        for (int i = 0; i < result.Length; i++)
        {
            (long x, long y) = (a[a.Length == 1 ? 0 : i], b[b.Length == 1 ? 0 : i]);
            result[i] = node.OperatorType switch
            {
                "Add" => x + y,
                "Sub" => x - y,
                "Mul" => x * y,
                "Div" when y != 0 => x / y,
                _ => throw node.Refused($"{x} and {y}"),
            };
        }

        return new ShapedValue(shape, result);
    }

    public static ShapedValue Concat(ShapedNode node)
    {
        ShapedValue[] parts = [.. Enumerable.Range(0, node.InputCount).Select(node.Input)];
        int axis = parts[0].Axis(node.Integer("axis", 0));
        long[] shape = [.. parts[0].Shape];
        foreach (ShapedValue part in parts.Skip(1))
        {
            if (part.Shape.Length != shape.Length || part.Shape.Where((extent, i) => i != axis && extent != shape[i]).Any())
            {
                throw node.Refused($"[{string.Join(',', parts[0].Shape)}] and [{string.Join(',', part.Shape)}] cannot be joined");
            }

            shape[axis] += part.Shape[axis];
        }

        return new ShapedValue(shape, parts.All(part => part.Integers is not null) && shape.Length == 1 ? [.. parts.SelectMany(part => part.Integers!)] : null);
    }

    public static ShapedValue Gather(ShapedNode node)
    {
        ShapedValue input = node.Input(0), indices = node.Input(1);
        int axis = input.Axis(node.Integer("axis", 0));
        long[] shape = [.. input.Shape[..axis], .. indices.Shape, .. input.Shape[(axis + 1)..]];
        long[]? integers = input is { Integers: { } values, Shape.Length: 1 } && indices.Integers is { } places
            ? [.. places.Select(place => values[place < 0 ? place + values.Length : place])]
            : null;
        return new ShapedValue(shape, integers);
    }

    public static ShapedValue Slice(ShapedNode node)
    {
        ShapedValue input = node.Input(0);
        long[] starts = node.Integers(1), ends = node.Integers(2), shape = [.. input.Shape];
        long[] axes = node.OptionalInput(3) is null ? [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)] : node.Integers(3);
        long[] steps = node.OptionalInput(4) is null ? [.. starts.Select(_ => 1L)] : node.Integers(4);
        long[]? integers = input.Integers;
        for (int i = 0; i < axes.Length; i++)
        {
            if (steps[i] < 1)
            {
                throw node.Refused($"a step of {steps[i]} is not known here");
            }

            int axis = input.Axis(axes[i]);
            (long start, long end) = Range(starts[i], ends[i], shape[axis]);
            shape[axis] = Math.Max(0, (end - start + steps[i] - 1) / steps[i]);
            integers = integers is null ? null : [.. integers.Skip((int)start).Where((_, k) => k % steps[i] == 0).Take((int)shape[axis])];
        }

        return new ShapedValue(shape, shape.Length == 1 ? integers : null);
    }

    /// <summary>Squeeze and Unsqueeze: elements stay where they are.</summary>
    public static ShapedValue Squeeze(ShapedNode node)
    {
        ShapedValue input = node.Input(0);
        if (node.OperatorType == "Squeeze")
        {
            HashSet<int>? axes = node.OptionalInput(1) is null ? null : [.. node.Integers(1).Select(input.Axis)];
            return input with { Shape = [.. input.Shape.Where((extent, i) => axes is null ? extent != 1 : !axes.Contains(i))] };
        }

        List<long> shape = [.. input.Shape];
        int rank = shape.Count + node.Integers(1).Length;
        foreach (long axis in node.Integers(1).Select(axis => axis < 0 ? axis + rank : axis).Order())
        {
            shape.Insert((int)axis, 1);
        }

        return input with { Shape = [.. shape] };
    }

    private static (long Start, long End) Range(long start, long end, long extent) =>
        (Math.Clamp(start < 0 ? start + extent : start, 0, extent), Math.Clamp(end < 0 ? end + extent : end, 0, extent));
}
