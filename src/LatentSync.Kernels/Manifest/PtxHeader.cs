using System.Globalization;
using System.Text.RegularExpressions;

namespace LatentSync.Kernels.Manifest;

/// <summary>What a kernel's PTX itself says about its parameters, for holding the manifest against it.</summary>
public static partial class PtxHeader
{
    /// <summary>The entry point of a kernel: <c>Kernel_NAME</c>.</summary>
    /// <param name="kernel">The kernel's name.</param>
    public static string EntryOf(string kernel) => "Kernel_" + kernel;

    /// <summary>Compares a signature with the declarations of the entry point's parameters: their number, names, kinds, sizes and alignments.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="ptx">PTX text.</param>
    /// <exception cref="InvalidOperationException">They differ, or the text has no such entry point; the message says where.</exception>
    public static void Verify(KernelSignature signature, string ptx)
    {
        string[] declared = Declarations(signature, ptx);
        if (declared.Length != signature.Parameters.Count)
        {
            throw new InvalidOperationException($"{signature.Entry}: the PTX declares {declared.Length} parameters, the manifest {signature.Parameters.Count}");
        }

        int end = 0;
        foreach ((string text, KernelParameter parameter) in declared.Zip(signature.Parameters))
        {
            (string type, int size, int alignment, string name) = Parse(signature, text);
            end = (end + alignment - 1) / alignment * alignment;
            if (type != TypeOf(parameter.Kind) || (size, alignment, end, name) != (parameter.Size, parameter.Alignment, parameter.Offset, parameter.Name))
            {
                throw new InvalidOperationException($"{signature.Entry}: the PTX declares '{text}' at byte {end}, the manifest has {parameter}");
            }

            end += size;
        }

        if (end != signature.Size)
        {
            throw new InvalidOperationException($"{signature.Entry}: the PTX's parameters take {end} bytes, the manifest's {signature.Size}");
        }
    }

    private static string[] Declarations(KernelSignature signature, string ptx)
    {
        string opening = $".visible .entry {signature.Entry}(";
        int start = ptx.IndexOf(opening, StringComparison.Ordinal);
        int end = start < 0 ? -1 : ptx.IndexOf(')', start);
        return end < 0
            ? throw new InvalidOperationException($"the PTX has no entry point {signature.Entry}")
            : ptx[(start + opening.Length)..end].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    private static (string Type, int Size, int Alignment, string Name) Parse(KernelSignature signature, string text)
    {
        Match match = Declaration().Match(text);
        if (!match.Success)
        {
            throw new InvalidOperationException($"{signature.Entry}: the PTX's declaration '{text}' is not understood");
        }

        string type = match.Groups["type"].Value;
        int width = int.Parse(type.AsSpan(1), CultureInfo.InvariantCulture) / 8;
        return (type, width * Number("count", 1), Number("alignment", width), match.Groups["name"].Value);

        int Number(string group, int absent) =>
            match.Groups[group] is { Success: true } found ? int.Parse(found.ValueSpan, CultureInfo.InvariantCulture) : absent;
    }

    private static string TypeOf(KernelParameterKind kind) => kind switch
    {
        KernelParameterKind.Extent or KernelParameterKind.Int32 => "b32",
        KernelParameterKind.Float32 => "f32",
        _ => "b8",
    };

    // The compiler puts an underline before and a number behind a parameter's name.
    [GeneratedRegex(@"^\.param( \.align (?<alignment>\d+))? \.(?<type>[bfsu]\d+) _(?<name>\w+)_\d+(\[(?<count>\d+)\])?$")]
    private static partial Regex Declaration();
}
