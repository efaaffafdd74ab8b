using LatentSync.Models.Onnx;
using LatentSync.Models.Packs;
using LatentSync.Models.Quantization.Calibration;
using LatentSync.Models.Quantization.Layers;
using LatentSync.Models.Quantization.Recipes;
using LatentSync.Runtime;

namespace LatentSync.Models.Quantization;

/// <summary>
/// Makes a quantized pack of an imported one: networks that the recipe names are rewritten, all others copied, and the manifest tells what was done. The new pack
/// appears under its name only when it is complete, and equal sources and recipes give equal bytes.
/// </summary>
public static class PackQuantizer
{
    /// <summary>Quantizes a pack.</summary>
    /// <param name="options">What to quantize, how, and to where.</param>
    /// <param name="progress">Told of bytes written; may be null.</param>
    /// <param name="cancellationToken">Stops within a window of a file; nothing of the new pack stays on disk.</param>
    /// <exception cref="LatentSyncException">
    /// The pack is missing, damaged or quantized already, the recipe does not fit it, the calibration lacks something or is another pack's, or the new pack cannot
    /// be written. Nothing of it stays on disk, and a pack that was there before is untouched.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public static Task<QuantizeResult> QuantizeAsync(QuantizeOptions options, IProgress<ImportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.OutputPath);
        return Task.Run(() => Quantize(options, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Looks at pack, lists and output without writing anything, so that what is wrong with them is told before hours of calibration.</summary>
    /// <param name="options">As for <see cref="QuantizeAsync"/>; the calibration may still be missing.</param>
    /// <exception cref="LatentSyncException">The quantization cannot work.</exception>
    public static void Check(QuantizeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        StagingFolder.CheckTarget(Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.OutputPath)), options.Overwrite);
        ModelPack pack = ModelPack.OpenUnquantized(options.PackPath);
        foreach ((string name, NetworkRecipe recipe) in options.Recipe.Networks.Where(network => network.Value.ChoosesLayers))
        {
            string path = GraphPath(pack, pack.Component(name));
            using OnnxModelReader model = OnnxModelReader.Open(path);
            LayerSelection.Make(model.Graph, recipe, path);
        }
    }

    private static string GraphPath(ModelPack pack, PackComponent component) => Path.Combine(pack.Path, component.Graph.Replace('/', Path.DirectorySeparatorChar));

    private static QuantizeResult Quantize(QuantizeOptions options, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.OutputPath));
        StagingFolder.CheckTarget(target, options.Overwrite);
        ModelPack pack = ModelPack.OpenUnquantized(options.PackPath);
        using StagingFolder staging = StagingFolder.Create(target, options.Overwrite);
        DiskSpace.Require(staging.Path, target, pack.Manifest.Components.Sum(component => component.SizeInBytes));
        ByteProgress done = new(progress, pack.Manifest.Components.Sum(component => component.SizeInBytes));
        List<PackComponent> components = [];
        List<QuantizedComponent> quantized = [];
        Dictionary<string, QuantizationReport> reports = new(StringComparer.Ordinal);
        try
        {
            foreach (PackComponent component in pack.Manifest.Components)
            {
                done.Stage = component.Name;
                if (!options.Recipe.Networks.TryGetValue(component.Name, out NetworkRecipe? recipe) || recipe.Precision == NetworkPrecision.Fp32)
                {
                    components.Add(ComponentCopy.Write(component, pack.Path, staging.Path, done, cancellationToken));
                    continue;
                }

                NetworkStatistics? statistics = options.Calibration is null || !(recipe.NeedsCalibration || options.Calibration.Networks.ContainsKey(component.Name)) ? null : options.Calibration.For(component);
                (PackComponent written, QuantizationReport report) = Write(pack, component, recipe, options.Recipe.Target, statistics, staging.Path, done, cancellationToken);
                components.Add(written);
                reports.Add(component.Name, report);
                quantized.Add(QuantizationNote.Of(component, recipe, report, statistics));
            }

            PackQuantization note = new(options.Recipe.Name, RecipeWords.Of(RecipeWords.Targets, options.Recipe.Target), quantized);
            ManifestFile.Write(staging.Path, pack.Manifest with { Components = components, Quantization = note });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Output, $"{target}: the pack cannot be written ({exception.Message}); check the folder's permissions and free space", exception);
        }

        cancellationToken.ThrowIfCancellationRequested();
        staging.Commit();
        return new QuantizeResult(ModelPack.Open(options.OutputPath), pack.Manifest, reports);
    }

    private static (PackComponent Written, QuantizationReport Report) Write(
        ModelPack pack, PackComponent component, NetworkRecipe recipe, QuantizationTarget target, NetworkStatistics? statistics, string staging, ByteProgress done, CancellationToken cancellationToken)
    {
        string path = GraphPath(pack, component);
        using OnnxModelReader model = OnnxModelReader.Open(path);
        QuantizedNetwork network = NetworkQuantizer.Apply(model.Graph, recipe, target, statistics, path, cancellationToken);
        PackComponent written = new PackGraph(component.Name, network.Graph).Write(staging, done, cancellationToken);

        // Scales and zero points are no parameters, and how often inputs change is the old network's.
        return (written with { ParameterCount = component.ParameterCount, Inputs = component.Inputs }, network.Report);
    }
}
