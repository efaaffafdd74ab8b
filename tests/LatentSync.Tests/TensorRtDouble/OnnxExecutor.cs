using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.TensorRtDouble;

/// <summary>
/// Lets ONNX Runtime be what the double of TensorRT runs networks with, on the very addresses. A network is read when the double parses it: the copy that
/// a build prepares is gone when its plan is run.
/// </summary>
internal static unsafe class OnnxExecutor
{
    private static readonly ConcurrentDictionary<string, OnnxRuntimeEngine> s_networks = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, long[]>> s_shapes = new(StringComparer.Ordinal);

    /// <summary>Called with a network's path when the double reads it for the first time.</summary>
    public static Action<string>? OnRead { get; set; }

    /// <summary>Registers it with a loaded double.</summary>
    public static void Register(nint library)
    {
        ((delegate* unmanaged<void*, void*, void>)NativeLibrary.GetExport(library, "lsrt_double_set_describe"))(
            (delegate* unmanaged<void*, DoubleModel*, DoubleTensor*, int, DoubleError*, int>)&Describe, null);
        ((delegate* unmanaged<void*, void*, void>)NativeLibrary.GetExport(library, "lsrt_double_set_infer"))(
            (delegate* unmanaged<void*, DoubleModel*, DoubleTensor*, int, DoubleError*, int>)&Infer, null);
        ((delegate* unmanaged<void*, void*, void>)NativeLibrary.GetExport(library, "lsrt_double_set_execute"))(
            (delegate* unmanaged<void*, DoubleModel*, DoubleTensor*, void**, int, DoubleError*, int>)&Execute, null);
    }

    [UnmanagedCallersOnly]
    private static int Describe(void* user, DoubleModel* model, DoubleTensor* tensors, int capacity, DoubleError* error)
    {
        try
        {
            OnnxRuntimeEngine network = Network(model->Path);
            int count = 0;
            foreach ((TensorContract tensor, bool isInput) in network.Inputs.Select(tensor => (tensor, true)).Concat(network.Outputs.Select(tensor => (tensor, false))))
            {
                Assert.Equal("float", tensor.ElementType);
                Assert.True(count < capacity);
                tensors[count++] = new DoubleTensor(tensor.Name, tensor.Shape, isInput);
            }

            return count;
        }
        catch (Exception exception)
        {
            error->Set(exception.Message);
            return -1;
        }
    }

    // What comes out is as large as what comes out: the network is run once on zeros.
    [UnmanagedCallersOnly]
    private static int Infer(void* user, DoubleModel* model, DoubleTensor* tensors, int count, DoubleError* error)
    {
        try
        {
            string path = model->Path;
            List<NamedTensor> inputs = [];
            for (int i = 0; i < count; i++)
            {
                if (tensors[i].IsInput)
                {
                    inputs.Add(new NamedTensor(tensors[i].Name, Tensor.Zeros(tensors[i].Shape)));
                }
            }

            string key = $"{path} {string.Join(' ', inputs.Select(input => $"{input.Name}:{string.Join('x', input.Value.Shape.ToArray())}"))}";
            IReadOnlyDictionary<string, long[]> shapes = s_shapes.GetOrAdd(key, _ => Shapes(Network(path), [.. inputs]));
            for (int i = 0; i < count; i++)
            {
                if (!tensors[i].IsInput)
                {
                    tensors[i].Shape = shapes[tensors[i].Name];
                }
            }

            return 0;
        }
        catch (Exception exception)
        {
            error->Set(exception.Message);
            return -1;
        }
    }

    [UnmanagedCallersOnly]
    private static int Execute(void* user, DoubleModel* model, DoubleTensor* tensors, void** addresses, int count, DoubleError* error)
    {
        try
        {
            List<NamedTensor> inputs = [], outputs = [];
            for (int i = 0; i < count; i++)
            {
                long[] shape = tensors[i].Shape;
                HostMemory memory = new((float*)addresses[i], checked((int)shape.Aggregate(1L, (product, extent) => product * extent)));
                (tensors[i].IsInput ? inputs : outputs).Add(new NamedTensor(tensors[i].Name, new Tensor(memory.Memory, shape)));
            }

            Network(model->Path).Run([.. inputs], [.. outputs]);
            return 0;
        }
        catch (Exception exception)
        {
            error->Set(exception.Message);
            return -1;
        }
    }

    private static OnnxRuntimeEngine Network(string path) => s_networks.GetOrAdd(path, static path =>
    {
        OnRead?.Invoke(path);
        return OnnxRuntimeEngine.Load(path, new OnnxRuntimeOptions { AllowSpinning = false });
    });

    private static Dictionary<string, long[]> Shapes(OnnxRuntimeEngine network, NamedTensor[] inputs) =>
        network.Outputs.Zip(network.Run(inputs)).ToDictionary(pair => pair.First.Name, pair => pair.Second.Shape.ToArray(), StringComparer.Ordinal);
}
