using LatentSync.Models.Packs;
using LatentSync.Models.Rewrites;
using LatentSync.Pipeline.Gpu;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Runtime.TensorRt;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Pipeline;

/// <summary>Decides what runs UNet and VAE, and loads it where that is TensorRT.</summary>
internal static class BackendChooser
{
    /// <exception cref="LatentSyncException">What was asked for is not to be had here; the message names what is missing and the fix.</exception>
    public static BackendChoice Choose(ModelPack pack, LipSyncEngineOptions options, CancellationToken cancellationToken)
    {
        string? reason = null;
        if (options.Backend != InferenceBackend.Onnx)
        {
            try
            {
                return TensorRt(pack, options, cancellationToken);
            }
            catch (LatentSyncException exception) when (options.Backend == InferenceBackend.Auto)
            {
                reason = exception.Message;
            }
        }

        if (options.Precision is { } precision && precision != EnginePrecision.Fp32)
        {
            string why = reason is null ? string.Empty : $", and TensorRT cannot be used: {reason}";
            throw new LatentSyncException(
                LatentSyncError.Usage, $"--precision {Name(precision)}: ONNX Runtime runs a pack's networks as they are{why}");
        }

        return new BackendChoice(OnnxRuntime(options), reason, Gpu: null);
    }

    /// <summary>The name of ONNX Runtime as a backend.</summary>
    public static string OnnxRuntime(LipSyncEngineOptions options) => $"ONNX Runtime ({Name(options.OnnxProvider)}, as packed)";

    /// <summary>Whether a job that a chosen GPU cannot run may go to ONNX Runtime: neither TensorRT nor another precision was asked for.</summary>
    public static bool MayUseOnnxRuntime(LipSyncEngineOptions options) => options.Backend == InferenceBackend.Auto && options.Precision is null or EnginePrecision.Fp32;

    private static BackendChoice TensorRt(ModelPack pack, LipSyncEngineOptions options, CancellationToken cancellationToken)
    {
        List<IDisposable> owned = [];
        try
        {
            TensorRtMachine machine = Own(TensorRtMachine.Open(options.Device));
            WeightBudget weights = new(options.WeightBudgetInBytes);
            PackEngineFinder finder = new(pack, new EngineCache(options.EnginesDirectory), machine.Target, options.Resolution ?? pack.Config.Resolution, weights);
            IReadOnlyList<UNetProgramOptions> forms = UNetEngineForm.For(options.FirstJob, options.Rewrites);
            (EnginePrecision precision, EngineFile encoder, EngineFile decoder) = finder.Find(options.Precision, forms, cancellationToken);
            EngineLog log = new(options.Log);
            DeviceEngines engines = new(
                machine.Device, new EngineUNetSource(pack, finder, precision, Load), Own(Load(encoder, cancellationToken)), Own(Load(decoder, cancellationToken)), owned, log);
            // They are the engines' from here on.
            owned = [];
            try
            {
                engines.UNet.For(forms, cancellationToken);
            }
            catch
            {
                engines.Dispose();
                throw;
            }

            return new BackendChoice($"TensorRT {machine.TensorRt.Version} ({Name(precision)}, {machine.Device.Info.Name})", Reason: null, engines);

            IDeviceNetwork Load(EngineFile file, CancellationToken token) => new TensorRtDeviceNetwork(
                TensorRtNetwork.Load(machine.TensorRt, machine.Device, file.Path, weights.For(file.Header.Identity.Flags), log.Receive, token));
        }
        catch
        {
            for (int i = owned.Count - 1; i >= 0; i--)
            {
                owned[i].Dispose();
            }

            throw;
        }

        T Own<T>(T item)
            where T : IDisposable
        {
            owned.Add(item);
            return item;
        }
    }

    private static string Name(EnginePrecision precision) => precision.ToString().ToLowerInvariant();

    private static string Name(OnnxExecutionProvider provider) => provider.ToString().ToLowerInvariant();
}
