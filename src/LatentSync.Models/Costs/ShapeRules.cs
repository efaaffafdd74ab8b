namespace LatentSync.Models.Costs;

/// <summary>The operators' shape rules, for those that the graph builders and passes write (after onnx/docs/Operators.md).</summary>
internal static class ShapeRules
{
    /// <summary>What is known of a node's outputs.</summary>
    /// <exception cref="Runtime.LatentSyncException">The operator is not known, or its inputs do not fit.</exception>
    public static ShapedValue[] Apply(ShapedNode node) => node.OperatorType switch
    {
        "Identity" or "Cast" => [node.Input(0)],
        "Sigmoid" or "Tanh" or "Gelu" or "Erf" or "Relu" or "Neg" or "Abs" or "Exp" or "Sqrt" or "Sin" or "Cos" or "Clip" or "Softmax"
            or "InstanceNormalization" or "LayerNormalization" or "QuantizeLinear" or "DequantizeLinear" => [new ShapedValue(node.Input(0).Shape)],
        "Add" or "Sub" or "Mul" or "Div" or "Pow" => [IntegerRules.Arithmetic(node, Broadcast(node, node.Input(0).Shape, node.Input(1).Shape))],
        "Shape" => [IntegerRules.Shape(node)],
        "Concat" => [IntegerRules.Concat(node)],
        "Gather" => [IntegerRules.Gather(node)],
        "Slice" => [IntegerRules.Slice(node)],
        "Reshape" => [Reshape(node)],
        "Transpose" => [Transpose(node)],
        "Squeeze" or "Unsqueeze" => [IntegerRules.Squeeze(node)],
        "Expand" => [new ShapedValue(Broadcast(node, node.Input(0).Shape, node.Integers(1)))],
        "Tile" => [new ShapedValue([.. node.Input(0).Shape.Zip(node.Integers(1), (extent, repeats) => extent * repeats)])],
        "Split" => Split(node),
        "ReduceMean" or "ReduceSum" => [Reduce(node)],
        "Resize" => [Resize(node)],
        "DepthToSpace" => [DepthToSpace(node)],
        "Conv" => [Convolve(node)],
        "MatMul" or "MatMulInteger" => [new ShapedValue(MatMul(node))],
        "DynamicQuantizeLinear" => [new ShapedValue(node.Input(0).Shape), new ShapedValue([]), new ShapedValue([])],
        "Gemm" => [Gemm(node)],
        _ => throw node.Refused("the operator is not known here"),
    };

    public static long[] Broadcast(ShapedNode node, ReadOnlySpan<long> a, ReadOnlySpan<long> b)
    {
        long[] result = new long[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= result.Length; i++)
        {
            long x = i <= a.Length ? a[^i] : 1, y = i <= b.Length ? b[^i] : 1;
            result[^i] = x == y || y == 1 ? x : x == 1 ? y : throw node.Refused($"extents {x} and {y} do not fit");
        }

        return result;
    }

    private static ShapedValue Reshape(ShapedNode node)
    {
        ShapedValue input = node.Input(0);
        long[] shape = [.. node.Integers(1)];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = shape[i] != 0 ? shape[i] : i < input.Shape.Length ? input.Shape[i] : throw node.Refused($"extent {i} has nothing to copy");
        }

        int free = Array.IndexOf(shape, -1);
        if (free >= 0)
        {
            shape[free] = 1;
            long known = ShapedValue.Product(shape);
            shape[free] = known == 0 ? 0 : input.Count / known;
        }

        return ShapedValue.Product(shape) == input.Count
            ? input with { Shape = shape }
            : throw node.Refused($"[{string.Join(',', input.Shape)}] does not fill [{string.Join(',', shape)}]");
    }

    private static ShapedValue Transpose(ShapedNode node)
    {
        long[] shape = node.Input(0).Shape;
        long[] order = node.Integers("perm") ?? [.. Enumerable.Range(0, shape.Length).Reverse().Select(i => (long)i)];
        return order.Length == shape.Length
            ? new ShapedValue([.. order.Select(axis => shape[axis])])
            : throw node.Refused($"{order.Length} axes for {shape.Length} extents");
    }

    private static ShapedValue[] Split(ShapedNode node)
    {
        ShapedValue input = node.Input(0);
        int axis = input.Axis(node.Integer("axis", 0));
        long each = (input.Shape[axis] + node.OutputCount - 1) / node.OutputCount;
        long[] parts = node.OptionalInput(1) is null
            ? [.. Enumerable.Range(0, node.OutputCount).Select(i => Math.Min(each, input.Shape[axis] - (i * each)))]
            : node.Integers(1);
        return parts.Sum() == input.Shape[axis]
            ? [.. parts.Select(part => new ShapedValue([.. input.Shape.Select((extent, i) => i == axis ? part : extent)]))]
            : throw node.Refused($"parts of {string.Join(',', parts)} do not make {input.Shape[axis]}");
    }

    private static ShapedValue Reduce(ShapedNode node)
    {
        ShapedValue input = node.Input(0);
        long[] axes = node.OptionalInput(1) is null ? node.Integers("axes") ?? [.. Enumerable.Range(0, input.Shape.Length).Select(i => (long)i)] : node.Integers(1);
        HashSet<int> reduced = [.. axes.Select(input.Axis)];
        return node.Integer("keepdims", 1) == 1
            ? new ShapedValue([.. input.Shape.Select((extent, i) => reduced.Contains(i) ? 1 : extent)])
            : new ShapedValue([.. input.Shape.Where((_, i) => !reduced.Contains(i))]);
    }

    // Sizes, or scales of the input's.
    private static ShapedValue Resize(ShapedNode node) => new(node.OptionalInput(3) is not null
        ? node.Integers(3)
        : [.. node.Input(0).Shape.Zip(node.Integers(2), (extent, scale) => extent * scale)]);

    private static ShapedValue DepthToSpace(ShapedNode node)
    {
        long[] input = node.Input(0).Shape;
        long block = node.Integer("blocksize", 1);
        return new ShapedValue([input[0], input[1] / (block * block), input[2] * block, input[3] * block]);
    }

    private static ShapedValue Convolve(ShapedNode node)
    {
        long[] input = node.Input(0).Shape, weight = node.Input(1).Shape;
        int axes = weight.Length - 2;
        if (input.Length != weight.Length || input[1] != weight[1] * node.Integer("group", 1))
        {
            throw node.Refused($"[{string.Join(',', input)}] does not fit a weight of [{string.Join(',', weight)}]");
        }

        long[] strides = node.Integers("strides") ?? [.. Enumerable.Repeat(1L, axes)], dilations = node.Integers("dilations") ?? [.. Enumerable.Repeat(1L, axes)];
        long[] pads = node.Integers("pads") ?? new long[2 * axes], shape = [input[0], weight[0], .. new long[axes]];
        for (int i = 0; i < axes; i++)
        {
            long reach = (dilations[i] * (weight[i + 2] - 1)) + 1;
            shape[i + 2] = ((input[i + 2] + pads[i] + pads[axes + i] - reach) / strides[i]) + 1;
        }

        return new ShapedValue(shape);
    }

    private static long[] MatMul(ShapedNode node)
    {
        long[] a = node.Input(0).Shape, b = node.Input(1).Shape;
        return a.Length >= 2 && b.Length >= 2 && a[^1] == b[^2]
            ? [.. Broadcast(node, a.AsSpan()[..^2], b.AsSpan()[..^2]), a[^2], b[^1]]
            : throw node.Refused($"[{string.Join(',', a)}] times [{string.Join(',', b)}]");
    }

    private static ShapedValue Gemm(ShapedNode node)
    {
        long[] a = node.Input(0).Shape, b = node.Input(1).Shape;
        (long rows, long inner) = node.Integer("transA", 0) == 0 ? (a[0], a[1]) : (a[1], a[0]);
        (long otherInner, long columns) = node.Integer("transB", 0) == 0 ? (b[0], b[1]) : (b[1], b[0]);
        return inner == otherInner ? new ShapedValue([rows, columns]) : throw node.Refused($"[{string.Join(',', a)}] times [{string.Join(',', b)}]");
    }
}
