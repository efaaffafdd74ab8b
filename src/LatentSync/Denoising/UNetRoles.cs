using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>
/// Which of the UNet's inputs takes what the loop on a device writes. Only the contract tells: by how often an input changes, and by its rank, as extents
/// are told apart elsewhere. No name is known here, so noisy latents and conditioning may share one input or have one each.
/// </summary>
internal sealed class UNetRoles
{
    private const int Feature = 5, Rows = 3, Scalar = 1;

    private UNetRoles(UNetPlace noisyLatents, UNetPlace conditioning, string speech, string timestep, string output)
    {
        (NoisyLatents, Conditioning, Speech, Timestep, Output) = (noisyLatents, conditioning, speech, timestep, output);
    }

    /// <summary><c>[B,C,F,h,w]</c>, written each step.</summary>
    public UNetPlace NoisyLatents { get; }

    /// <summary><c>[B,2C+1,F,h,w]</c>, written once a chunk: mask, masked latents, reference latents.</summary>
    public UNetPlace Conditioning { get; }

    /// <summary><c>[B*F,S,D]</c>, written once a chunk: the audio windows.</summary>
    public string Speech { get; }

    /// <summary><c>[1]</c>, written each step.</summary>
    public string Timestep { get; }

    /// <summary><c>[B,C,F,h,w]</c>, read each step.</summary>
    public string Output { get; }

    /// <summary>Finds out who takes what.</summary>
    /// <param name="inputs">The inputs as the pack marks them.</param>
    /// <param name="outputs">The outputs.</param>
    /// <param name="channels">Latent channels C.</param>
    /// <exception cref="LatentSyncException">An input is not marked, or would get nothing, or one that is needed is not there.</exception>
    public static UNetRoles Of(IReadOnlyList<TensorContract> inputs, IReadOnlyList<TensorContract> outputs, int channels)
    {
        List<UNetPlace> noisy = [], conditioning = [];
        List<string> speech = [], timesteps = [];
        foreach (TensorContract input in inputs)
        {
            switch (input.Changes, input.Shape.Count)
            {
                case (InputChange.Step, Feature):
                    Divide(input, noisy, conditioning);
                    break;
                case (InputChange.Chunk, Feature):
                    conditioning.Add(Whole(input));
                    break;
                case (InputChange.Chunk, Rows):
                    speech.Add(input.Name);
                    break;
                case (InputChange.Step, Scalar):
                    timesteps.Add(input.Name);
                    break;
                default:
                    throw Unknown(input);
            }
        }

        return noisy is [{ First: 0 } latents] && latents.Count == channels
            && conditioning is [{ } constant] && constant.Count == (2 * channels) + 1
            && (speech, timesteps) is ([{ } windows], [{ } timestep])
            && outputs is [{ Shape.Count: Feature } output]
            ? new UNetRoles(latents, constant, windows, timestep, output.Name)
            : throw new LatentSyncException(
                LatentSyncError.Model,
                $"the UNet's inputs are {string.Join(", ", inputs.Select(Text))}, its outputs {string.Join(", ", outputs.Select(Text))}; a GPU job writes {channels} noisy channels in front and a timestep each step, "
                    + $"{(2 * channels) + 1} channels of conditioning and the audio windows each chunk, and reads one prediction: import the checkpoints again with this version");
    }

    // What is not the chunk's is the step's.
    private static void Divide(TensorContract input, List<UNetPlace> noisy, List<UNetPlace> conditioning)
    {
        UNetPlace whole = Whole(input);
        if (input.ChunkChannels is not [long first, long end])
        {
            noisy.Add(whole);
            return;
        }

        conditioning.Add(whole with { First = (int)first, Count = (int)(end - first) });
        noisy.Add(first == 0 ? whole with { First = (int)end, Count = whole.Count - (int)end } : whole with { Count = (int)first });
    }

    private static UNetPlace Whole(TensorContract input)
    {
        int channels = (int)Math.Clamp(input.Shape[1], -1, int.MaxValue);
        return new UNetPlace(input.Name, channels, 0, channels);
    }

    private static LatentSyncException Unknown(TensorContract input) => new(
        LatentSyncError.Model,
        $"the UNet's input {Text(input)} is none that a GPU job writes; use --backend onnx, or import the checkpoints again with this version");

    private static string Text(TensorContract tensor) =>
        $"'{tensor.Name}' [{string.Join(',', tensor.Shape)}]{(tensor.Changes is { } change ? $" each {change.ToString().ToLowerInvariant()}" : string.Empty)}";
}
