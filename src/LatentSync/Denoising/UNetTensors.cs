using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>The UNet's tensors by name, and how often each input changes.</summary>
internal static class UNetTensors
{
    /// <summary><c>[B,3C+1,F,h,w]</c>: noisy latents, written each step; mask, masked latents and reference latents, written once a chunk.</summary>
    public const string Sample = "sample";

    /// <summary><c>[1]</c>, written each step.</summary>
    public const string Timestep = "timestep";

    /// <summary><c>[B*F,S,D]</c>, written once a chunk.</summary>
    public const string EncoderHiddenStates = "encoder_hidden_states";

    /// <summary><c>[B,C,F,h,w]</c>.</summary>
    public const string Output = "out_sample";

    /// <summary>Refuses a network with other tensors: what nobody writes would hold anything.</summary>
    /// <exception cref="LatentSyncException">The names differ.</exception>
    public static void Check(IReadOnlyList<TensorContract> inputs, IReadOnlyList<TensorContract> outputs)
    {
        string[] unknown =
        [
            .. inputs.Select(input => input.Name).Except([Sample, Timestep, EncoderHiddenStates]),
            .. outputs.Select(output => output.Name).Except([Output]),
        ];
        if (unknown.Length > 0 || inputs.Count != 3 || outputs.Count != 1)
        {
            throw new LatentSyncException(
                LatentSyncError.Model,
                $"the UNet has the inputs {Names(inputs)} and the outputs {Names(outputs)}; {Sample}, {Timestep}, {EncoderHiddenStates} and {Output} are needed: import the checkpoints again with this version");
        }
    }

    private static string Names(IReadOnlyList<TensorContract> tensors) => string.Join(", ", tensors.Select(tensor => tensor.Name));
}
