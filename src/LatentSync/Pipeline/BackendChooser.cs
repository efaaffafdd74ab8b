using LatentSync.Models.Packs;
using LatentSync.Models.Precision;
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

        return new BackendChoice($"ONNX Runtime ({Name(options.OnnxProvider)}, as packed)", reason, Gpu: null);
    }

    private static BackendChoice TensorRt(ModelPack pack, LipSyncEngineOptions options, CancellationToken cancellationToken)
    {
        EnginePrecision precision = options.Precision ?? EnginePrecision.Fp16;
        List<IDisposable> owned = [];
        try
        {
            TensorRtMachine machine = Own(TensorRtMachine.Open(options.Device));
            EngineCache cache = new(options.EnginesDirectory);
            IDeviceNetwork Load(string name, string modelPath) =>
                Own(new TensorRtDeviceNetwork(TensorRtNetwork.Load(
                    machine.TensorRt, machine.Device, Find(cache, name, modelPath, precision, machine.Target, cancellationToken), cancellationToken: cancellationToken)));
            IDeviceNetwork unet = Load(PackComponentName.UNet, pack.UNetPath);
            IDeviceNetwork encoder = Load(PackComponentName.VaeEncoder, pack.VaeEncoderPath);
            IDeviceNetwork decoder = Load(PackComponentName.VaeDecoder, pack.VaeDecoderPath);
            return new BackendChoice(
                $"TensorRT {machine.TensorRt.Version} ({Name(precision)}, {machine.Device.Info.Name})", Reason: null, new DeviceEngines(machine.Device, unet, encoder, decoder, owned));
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

    private static string Find(
        EngineCache cache, string name, string modelPath, EnginePrecision precision, EngineTarget target, CancellationToken cancellationToken)
    {
        IReadOnlyList<EngineCacheEntry> entries = cache.List();
        string Missing()
        {
            // The engine that is looked for may be among those that cannot be used.
            string refused = entries.FirstOrDefault(entry => entry.Refusal is not null)?.Refusal is { } refusal ? $" ({refusal})" : string.Empty;
            return $"{cache.Folder}: no engine for this pack's {name} at {Name(precision)} on {target}{refused}; build it with 'latentsync engines build --precision {Name(precision)}'";
        }

        PackPreparation preparation = new();

        // Hashing reads all weights: not for a folder in which nothing fits this machine.
        if (!entries.Any(entry => entry.File?.Header.Identity.Target == target))
        {
            throw new LatentSyncException(LatentSyncError.Model, Missing());
        }

        return cache.Find(preparation.Hash(modelPath, cancellationToken), precision, target)
            .FirstOrDefault(file => file.Header.Identity.Preparation == preparation.Version(precision))?.Path
            ?? throw new LatentSyncException(LatentSyncError.Model, Missing());
    }

    private static string Name(EnginePrecision precision) => precision.ToString().ToLowerInvariant();

    private static string Name(OnnxExecutionProvider provider) => provider.ToString().ToLowerInvariant();
}
