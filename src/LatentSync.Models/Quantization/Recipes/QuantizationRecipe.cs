using LatentSync.Models.Packs;
using LatentSync.Runtime;

namespace LatentSync.Models.Quantization.Recipes;

/// <summary>How a pack's networks are made smaller or faster, and for which runtime. Networks that it does not name stay as they are. Immutable.</summary>
public sealed record QuantizationRecipe
{
    /// <summary>What the manifest calls it: a preset's name, or the recipe's file.</summary>
    public required string Name { get; init; }

    /// <summary>The runtime that the networks are made for.</summary>
    public required QuantizationTarget Target { get; init; }

    /// <summary>What becomes of each network, by its name in the pack (<see cref="NetworkNames"/>).</summary>
    public required IReadOnlyDictionary<string, NetworkRecipe> Networks { get; init; }

    /// <summary>Names of networks that a recipe can change; face networks are small and stay as they were supplied.</summary>
    public static IReadOnlyList<string> NetworkNames { get; } =
        [PackComponentName.UNet, PackComponentName.VaeEncoder, PackComponentName.VaeDecoder, PackComponentName.Whisper];

    /// <summary>Reads a recipe: the name of a preset, or the path of a YAML file.</summary>
    /// <param name="nameOrPath">One of <see cref="RecipePresets.Names"/>, or a file.</param>
    /// <param name="target">The runtime that it is to be for, <c>onnx-cpu</c> or <c>tensorrt</c>; null keeps the recipe's.</param>
    /// <exception cref="LatentSyncException">There is no such preset or file, the file is no usable recipe, or it does not suit the target.</exception>
    public static QuantizationRecipe Load(string nameOrPath, string? target = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        QuantizationRecipe recipe = RecipePresets.Find(nameOrPath) ?? RecipeFile.Load(nameOrPath);
        if (target is not null)
        {
            recipe = recipe with
            {
                Target = RecipeWords.Targets.TryGetValue(target, out QuantizationTarget known)
                    ? known
                    : throw new LatentSyncException(LatentSyncError.Usage, $"target '{target}': give one of {string.Join(", ", RecipeWords.Targets.Keys)}"),
            };
        }

        RecipeValidator.Check(recipe);
        return recipe;
    }
}
