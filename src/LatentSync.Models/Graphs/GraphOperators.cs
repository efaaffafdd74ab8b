using LatentSync.Models.Onnx;

namespace LatentSync.Models.Graphs;

/// <summary>ONNX's operators as methods: value names in, value name out.</summary>
internal static class GraphOperators
{
    public static string Add(this GraphAssembler graph, string name, string a, string b) => graph.Node("Add", name, [a, b]);

    public static string Sub(this GraphAssembler graph, string name, string a, string b) => graph.Node("Sub", name, [a, b]);

    public static string Mul(this GraphAssembler graph, string name, string a, string b) => graph.Node("Mul", name, [a, b]);

    public static string MatMul(this GraphAssembler graph, string name, string a, string b) => graph.Node("MatMul", name, [a, b]);

    public static string Softmax(this GraphAssembler graph, string name, string x) =>
        graph.Node("Softmax", name, [x], new OnnxAttribute("axis", -1L));

    public static string Gelu(this GraphAssembler graph, string name, string x) => graph.Node("Gelu", name, [x]);

    /// <summary>x times its logistic sigmoid.</summary>
    public static string Silu(this GraphAssembler graph, string name, string x) =>
        graph.Mul(name + "/silu", x, graph.Node("Sigmoid", name + "/sigmoid", [x]));

    public static string Reshape(this GraphAssembler graph, string name, string x, string shape) => graph.Node("Reshape", name, [x, shape]);

    /// <summary>Reshapes to a fixed pattern: 0 keeps the extent at that place, -1 takes what is left.</summary>
    public static string Reshape(this GraphAssembler graph, string name, string x, params ReadOnlySpan<long> shape) =>
        graph.Node("Reshape", name, [x, graph.Int64s(shape)]);

    public static string Transpose(this GraphAssembler graph, string name, string x, params long[] permutation) =>
        graph.Node("Transpose", name, [x], new OnnxAttribute("perm", permutation));

    /// <summary>Parts of extent 1 along an axis of that extent.</summary>
    public static string[] Split(this GraphAssembler graph, string name, string value, long axis, int extent) =>
        graph.Node("Split", name, extent, [value, graph.Int64s([.. Enumerable.Repeat(1L, extent)])], new OnnxAttribute("axis", axis));

    public static string Concat(this GraphAssembler graph, string name, long axis, params string[] values) =>
        graph.Node("Concat", name, values, new OnnxAttribute("axis", axis));

    public static string Mean(this GraphAssembler graph, string name, string x, params ReadOnlySpan<long> axes) =>
        graph.Node("ReduceMean", name, [x, graph.Int64s(axes)], new OnnxAttribute("keepdims", 1L));

    /// <summary>Extents <paramref name="start"/> up to <paramref name="end"/> of a value's shape (to the last if null).</summary>
    public static string Shape(this GraphAssembler graph, string name, string x, long start, long? end = null) =>
        end is { } stop
            ? graph.Node("Shape", name, [x], new OnnxAttribute("start", start), new OnnxAttribute("end", stop))
            : graph.Node("Shape", name, [x], new OnnxAttribute("start", start));

    public static string Slice(this GraphAssembler graph, string name, string x, long start, string end, long axis) =>
        graph.Node("Slice", name, [x, graph.Int64s(start), end, graph.Int64s(axis)]);

    /// <summary>Normalises each row of the last dimension, then scales and shifts it.</summary>
    public static string LayerNorm(this GraphAssembler graph, StateDict weights, string module, string x, int width, double epsilon)
    {
        string scale = graph.Weight(module + ".weight", weights.Take(module + ".weight", width), width);
        string shift = graph.Weight(module + ".bias", weights.Take(module + ".bias", width), width);
        return graph.Node("LayerNormalization", module, [x, scale, shift], new OnnxAttribute("axis", -1L), new OnnxAttribute("epsilon", (float)epsilon));
    }

    /// <summary>Two-dimensional convolution with a square kernel; pads are top, left, bottom, right.</summary>
    public static string Conv2D(this GraphAssembler graph, StateDict weights, string module, string x, int inChannels, int outChannels, int kernel, int stride = 1, long[]? pads = null)
    {
        pads ??= [kernel / 2, kernel / 2, kernel / 2, kernel / 2];
        string weight = graph.Weight(module + ".weight", weights.Take(module + ".weight", outChannels, inChannels, kernel, kernel), outChannels, inChannels, kernel, kernel);
        string bias = graph.Weight(module + ".bias", weights.Take(module + ".bias", outChannels), outChannels);
        return graph.Node(
            "Conv",
            module,
            [x, weight, bias],
            new OnnxAttribute("kernel_shape", new long[] { kernel, kernel }),
            new OnnxAttribute("strides", new long[] { stride, stride }),
            new OnnxAttribute("pads", pads));
    }

    /// <summary>A linear layer on rows [T, in], with the weight as checkpoints keep it, [out, in].</summary>
    public static string Linear(this GraphAssembler graph, string module, string x, TensorSource weight, TensorSource? bias, int inWidth, int outWidth)
    {
        string w = graph.Weight(module + ".weight", weight, outWidth, inWidth);
        return bias is null
            ? graph.Node("Gemm", module, [x, w], new OnnxAttribute("transB", 1L))
            : graph.Node("Gemm", module, [x, w, graph.Weight(module + ".bias", bias, outWidth)], new OnnxAttribute("transB", 1L));
    }

    /// <summary>A linear layer on rows [T, in] as it stands in the checkpoint.</summary>
    public static string Linear(this GraphAssembler graph, StateDict weights, string module, string x, int inWidth, int outWidth, bool bias = true) =>
        graph.Linear(module, x, weights.Take(module + ".weight", outWidth, inWidth), bias ? weights.Take(module + ".bias", outWidth) : null, inWidth, outWidth);
}
