using LatentSync.Models.Packs;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Runtime.TensorRt;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Tests.TensorRtDouble;

/// <summary>Single networks on TensorRT's path, behind the interface that ONNX Runtime's engines have.</summary>
internal static class NetworkScenarios
{
    // ONNX Runtime computes both, maybe with another number of threads.
    private const float Tolerance = 1e-5f;

    public static async Task RunsOneNetworkAsOnnxRuntimeDoes(DoubleMachine machine)
    {
        await machine.BuildAsync(machine.Pack, "--precision", "fp32");
        ModelPack pack = ModelPack.Open(machine.Pack);
        using TensorRtMachine tensorRt = TensorRtMachine.Open();
        using CudaStream stream = tensorRt.Device.CreateStream();
        foreach ((string network, string path, long[]? shape) in new[]
        {
            (PackComponentName.UNet, pack.UNetPath, null),
            (PackComponentName.VaeEncoder, pack.VaeEncoderPath, [2, 3, 64, 64]),
            (PackComponentName.VaeDecoder, pack.VaeDecoderPath, (long[]?)[1, 4, 8, 8]),
        })
        {
            using IInferenceEngine expected = OnnxRuntimeEngine.Load(path, new OnnxRuntimeOptions()), actual = Load(machine, tensorRt, stream, network);
            AssertSame(expected.Inputs, actual.Inputs);
            AssertSame(expected.Outputs, actual.Outputs);
            if (shape is not null)
            {
                AssertSameResults(expected, actual, Random(shape));
            }
        }
    }

    public static async Task HonoursCancellation(DoubleMachine machine)
    {
        await machine.BuildAsync(machine.Pack, "--precision", "fp32", "--network", "vae_decoder");
        using TensorRtMachine tensorRt = TensorRtMachine.Open();
        using CudaStream stream = tensorRt.Device.CreateStream();
        using CancellationTokenSource source = new();
        using IInferenceEngine engine = Load(machine, tensorRt, stream, PackComponentName.VaeDecoder, _ => source.Cancel());
        NamedTensor[] inputs = [new("latent_sample", Random([1, 4, 8, 8]))], outputs = [new("sample", Tensor.Zeros(1, 3, 64, 64))];
        engine.Run(inputs, outputs);
        long runs = machine.Runs;
        // The double speaks when a run is enqueued: such a run goes to its end.
        machine.Say(EngineLogSeverity.Information, "enqueued");
        Assert.Throws<OperationCanceledException>(() => engine.Run(inputs, outputs, source.Token));
        Assert.Equal(runs + 1, machine.Runs);
        machine.Say(EngineLogSeverity.Information, null);
        // Now it is signalled before.
        Assert.Throws<OperationCanceledException>(() => engine.Run(inputs, outputs, source.Token));
        Assert.Equal(runs + 1, machine.Runs);
        engine.Run(inputs, outputs);
    }

    private static DeviceInferenceEngine Load(DoubleMachine machine, TensorRtMachine tensorRt, CudaStream stream, string network, Action<EngineLogLine>? log = null)
    {
        EngineFile file = new EngineCache(machine.Engines).List().Single(entry => entry.File!.Header.Network == network).File!;
        return new DeviceInferenceEngine(new TensorRtDeviceNetwork(TensorRtNetwork.Load(tensorRt.TensorRt, tensorRt.Device, file.Path, log: log)), stream);
    }

    private static void AssertSame(IReadOnlyList<TensorContract> expected, IReadOnlyList<TensorContract> actual)
    {
        Assert.Equal(expected.Select(tensor => (tensor.Name, tensor.ElementType)), actual.Select(tensor => (tensor.Name, tensor.ElementType)));
        Assert.Equal(expected.Select(tensor => tensor.Shape), actual.Select(tensor => tensor.Shape));
    }

    private static void AssertSameResults(IInferenceEngine expected, IInferenceEngine actual, Tensor input)
    {
        NamedTensor[] inputs = [new(expected.Inputs[0].Name, input)];
        IReadOnlyList<Tensor> results = expected.Run(inputs);
        NamedTensor[] outputs = [.. expected.Outputs.Zip(results, (contract, result) => new NamedTensor(contract.Name, Tensor.Zeros(result.Shape)))];
        actual.Run(inputs, outputs);
        for (int i = 0; i < outputs.Length; i++)
        {
            float worst = 0;
            for (int at = 0; at < results[i].Length; at++)
            {
                worst = Math.Max(worst, Math.Abs(results[i].Span[at] - outputs[i].Value.Span[at]));
            }

            Assert.InRange(worst, 0, Tolerance);
        }

        Assert.Throws<LatentSyncException>(() => expected.Run([new NamedTensor("nothing", input)], outputs));
        Assert.Throws<LatentSyncException>(() => actual.Run([new NamedTensor("nothing", input)], outputs));
    }

    private static Tensor Random(long[] shape)
    {
        Tensor tensor = Tensor.Zeros(shape);
        Random random = new(17);
        foreach (ref float value in tensor.Span)
        {
            value = random.NextSingle() - 0.5f;
        }

        return tensor;
    }
}
