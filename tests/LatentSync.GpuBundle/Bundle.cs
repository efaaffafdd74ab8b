using System.Formats.Tar;
using System.IO.Compression;
using System.Reflection;
using LatentSync.Kernels.Launching;
using LatentSync.Models.Checkpoints;
using LatentSync.Models.Configuration;
using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;

namespace LatentSync.GpuBundle;

/// <summary>What a machine with a GPU needs for <c>native/gpu-check/gpu-check.sh</c>, beside a C++ compiler and the driver.</summary>
internal static class Bundle
{
    /// <summary>A bundle is carried by hand, over whatever connection there is.</summary>
    private const long MostBytes = 8 << 20;

    private static readonly string Root = Path.TrimEndingDirectorySeparator(
        typeof(Bundle).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!);

    /// <summary>Writes the folder, and beside it the same as FOLDER.tar.gz.</summary>
    /// <returns>Bytes of the folder's files.</returns>
    /// <exception cref="InvalidOperationException">It is larger than a bundle may be.</exception>
    public static long Write(string folder)
    {
        folder = Path.GetFullPath(folder);
        foreach (string part in (string[])["native", "ptx", "cases", "network", "build"])
        {
            if (Directory.Exists(Path.Combine(folder, part)))
            {
                Directory.Delete(Path.Combine(folder, part), recursive: true);
            }
        }

        Copy(Path.Combine(Root, "native"), Path.Combine(folder, "native"));
        Copy(PtxLibrary.DefaultFolder, Path.Combine(folder, "ptx"));
        CaseSet.Write(Path.Combine(folder, "cases"), CaseSizes.Full);
        WriteNetwork(Path.Combine(folder, "network"));

        // The version stands there.
        File.Copy(Path.Combine(Root, "CMakeLists.txt"), Path.Combine(folder, "CMakeLists.txt"), overwrite: true);
        long size = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        if (size > MostBytes)
        {
            throw new InvalidOperationException($"the bundle has {size} bytes, more than the {MostBytes} that it may have");
        }

        using FileStream archive = File.Create(folder + ".tar.gz");
        using GZipStream compressed = new(archive, CompressionLevel.SmallestSize);
        TarFile.CreateFromDirectory(folder, compressed, includeBaseDirectory: true);
        return size;
    }

    // For engines, where the machine has TensorRT: convolutions, group norm and attention in 2 MiB.
    private static void WriteNetwork(string folder)
    {
        string vae = Path.Combine(Root, "engines", "demo", "checkpoints", "vae");
        using ICheckpoint checkpoint = CheckpointReader.Open(vae);
        Directory.CreateDirectory(folder);
        OnnxModelWriter.Write(VaeGraphBuilder.BuildDecoder(VaeConfigFile.Load(Path.Combine(vae, "config.json")), checkpoint), Path.Combine(folder, "vae_decoder.onnx"));
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
