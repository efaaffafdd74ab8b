using System.Globalization;
using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;
using LatentSync.Kernels.Manifest;

namespace LatentSync.Kernels.Ilgpu;

/// <summary>Compiles kernels to PTX ahead of time; neither a GPU nor a driver is needed.</summary>
public static class PtxCompiler
{
    /// <summary>
    /// The GPU generations that are built: Turing to Hopper, each with the oldest PTX version that knows it, so that the oldest driver that can run
    /// on the card can load the file.
    /// </summary>
    public static IReadOnlyList<(CudaArchitecture Architecture, CudaInstructionSet InstructionSet)> Targets { get; } =
    [
        (CudaArchitecture.SM_75, CudaInstructionSet.ISA_63),
        (CudaArchitecture.SM_80, CudaInstructionSet.ISA_70),
        (CudaArchitecture.SM_86, CudaInstructionSet.ISA_71),
        (CudaArchitecture.SM_89, CudaInstructionSet.ISA_78),
        (CudaArchitecture.SM_90, CudaInstructionSet.ISA_78),
    ];

    /// <summary>The folder of a target: <c>sm_80</c>.</summary>
    /// <param name="architecture">The target.</param>
    public static string FolderName(CudaArchitecture architecture) => $"sm_{architecture.Major}{architecture.Minor}";

    /// <summary>Compiles kernels for one target. The same input gives the same text.</summary>
    /// <param name="architecture">The GPU generation.</param>
    /// <param name="instructionSet">The PTX version.</param>
    /// <param name="kernels">Kernels that take an <see cref="Index1D"/> first.</param>
    /// <returns>PTX text by kernel name; the entry point is <c>Kernel_NAME</c>.</returns>
    public static IReadOnlyDictionary<string, string> Compile(CudaArchitecture architecture, CudaInstructionSet instructionSet, IEnumerable<MethodInfo> kernels)
    {
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach (MethodInfo kernel in kernels)
        {
            // A context of its own numbers a kernel's values and methods independently of what was compiled before it.
            using Context context = Context.Create(builder => builder.Optimize(OptimizationLevel.O2));
            using PTXBackend backend = new(context, new CudaCapabilityContext(architecture), architecture, instructionSet, null);
            EntryPointDescription entry = EntryPointDescription.FromImplicitlyGroupedKernel(kernel);
            PTXCompiledKernel compiled = (PTXCompiledKernel)backend.Compile(entry, default);
            texts.Add(kernel.Name, Retarget(compiled.PTXAssembly.ReplaceLineEndings("\n"), architecture));
        }

        return texts;
    }

    /// <summary>
    /// Names the target in the header. ILGPU 1.5.3 writes <c>sm_80</c> there for every later architecture (and chooses the same instructions for all of
    /// <see cref="Targets"/>). PTX that is valid for an architecture is valid for each later one, so raising the target is sound; lowering it would not be.
    /// </summary>
    /// <exception cref="InvalidOperationException">The text names no target, or one that is newer than the architecture.</exception>
    internal static string Retarget(string text, CudaArchitecture architecture)
    {
        const string Directive = "\n.target sm_";
        int start = text.IndexOf(Directive, StringComparison.Ordinal);
        int end = start < 0 ? -1 : text.IndexOf('\n', start + 1);
        if (end < 0 || !int.TryParse(text.AsSpan(start + Directive.Length, end - start - Directive.Length), out int named))
        {
            throw new InvalidOperationException("the compiled PTX names no target");
        }

        int wanted = Number(architecture);
        return named <= wanted
            ? string.Concat(text.AsSpan(0, start), Directive, wanted.ToString(CultureInfo.InvariantCulture), text.AsSpan(end))
            : throw new InvalidOperationException($"the compiled PTX needs sm_{named}, which sm_{wanted} cannot run");
    }

    /// <summary>
    /// Writes <c>FOLDER/sm_XX/NAME.ptx</c> for every target and kernel, and <c>FOLDER/manifest.json</c>, which every text is held against. Files whose
    /// text is already right keep their time stamps.
    /// </summary>
    /// <param name="folder">The folder; created if missing.</param>
    /// <param name="kernels">The kernels.</param>
    /// <returns>The paths of all PTX files.</returns>
    /// <exception cref="InvalidOperationException">The compiler laid parameters out in another way than the manifest says.</exception>
    public static IReadOnlyList<string> WriteAll(string folder, IReadOnlyList<MethodInfo> kernels)
    {
        KernelManifest manifest = KernelManifest.Describe(Targets.Select(target => Number(target.Architecture)), kernels);
        List<string> paths = [];
        foreach ((CudaArchitecture architecture, CudaInstructionSet instructionSet) in Targets)
        {
            string target = Path.Combine(folder, FolderName(architecture));
            Directory.CreateDirectory(target);
            foreach ((string name, string text) in Compile(architecture, instructionSet, kernels))
            {
                PtxHeader.Verify(manifest.Kernel(name), text);
                string path = Path.Combine(target, name + ".ptx");
                WriteIfOther(path, text);
                paths.Add(path);
            }
        }

        WriteIfOther(Path.Combine(folder, KernelManifest.FileName), manifest.ToJson());
        return paths;
    }

    private static int Number(CudaArchitecture architecture) => (architecture.Major * 10) + architecture.Minor;

    private static void WriteIfOther(string path, string text)
    {
        if (!File.Exists(path) || File.ReadAllText(path) != text)
        {
            File.WriteAllText(path + ".part", text);
            File.Move(path + ".part", path, overwrite: true);
        }
    }
}
