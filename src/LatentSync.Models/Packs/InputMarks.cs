using LatentSync.Models.Graphs;
using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>How often each input of the UNet changes (<see cref="TensorContract.Changes"/>): what an import writes into the manifest, and what is made of it there.</summary>
internal static class InputMarks
{
    /// <summary>Marks an input of the UNet as it is imported: of <c>sample</c> only the noisy latents change every step, the rest is the chunk's.</summary>
    /// <param name="input">The input.</param>
    /// <param name="vae">Of which the number of latent channels counts.</param>
    public static TensorContract OfImport(TensorContract input, VaeConfig vae) => input.Name switch
    {
        UNetValues.Sample when input.Shape.Count > 1 => input with { Changes = InputChange.Step, ChunkChannels = [vae.LatentChannels, input.Shape[1]] },
        UNetValues.Timestep => input with { Changes = InputChange.Step },
        UNetValues.EncoderHiddenStates => input with { Changes = InputChange.Chunk },
        _ => input,
    };

    /// <summary>The manifest with marks on the UNet's inputs: a pack of a version that wrote none has the inputs of its time.</summary>
    public static PackManifest Complete(PackManifest manifest)
    {
        PackComponent unet = manifest.Components.First(component => component.Name == PackComponentName.UNet);
        if (unet.Inputs.Any(input => input.Changes is not null))
        {
            return manifest;
        }

        PackComponent marked = unet with { Inputs = [.. unet.Inputs.Select(input => OfImport(input, manifest.Vae))] };
        return manifest with { Components = [.. manifest.Components.Select(component => component == unet ? marked : component)] };
    }

    /// <summary>What is wrong with the marks of a component's inputs; null if nothing is.</summary>
    public static string? Fault(PackComponent component)
    {
        foreach (TensorContract input in component.Inputs)
        {
            if (input.Changes is null ? component.Name == PackComponentName.UNet : !Enum.IsDefined(input.Changes.Value))
            {
                return $"it does not say how often '{ManifestFile.Printable(input.Name)}' of '{ManifestFile.Printable(component.Name)}' changes";
            }

            if (input.ChunkChannels is { } channels && (input.Changes != InputChange.Step || !IsPartOf(channels, input.Shape)))
            {
                return $"the channels of '{ManifestFile.Printable(input.Name)}' that are to change once a chunk are no part of those that change every step";
            }
        }

        return null;
    }

    // A part at the beginning or at the end, so that what changes every step is one part too.
    private static bool IsPartOf(IReadOnlyList<long> channels, IReadOnlyList<long> shape) =>
        channels.Count == 2 && shape.Count > 1 && channels[0] >= 0 && channels[0] < channels[1] && channels[1] <= shape[1]
        && (channels[0] == 0) != (channels[1] == shape[1]);
}
