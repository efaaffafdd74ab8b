using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>Checks a pack's files against the hashes in its manifest.</summary>
public static class ModelPackVerifier
{
    /// <summary>Hashes every file of a pack, and looks for files that the manifest does not know.</summary>
    /// <param name="path">The pack's folder.</param>
    /// <param name="progress">Told of bytes hashed; may be null.</param>
    /// <param name="cancellationToken">Stops between windows of a file.</param>
    /// <returns>Every mismatch, in the manifest's order; empty for a sound pack.</returns>
    /// <exception cref="LatentSyncException">The folder is not a pack or its manifest is damaged.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public static Task<IReadOnlyList<PackMismatch>> VerifyAsync(string path, IProgress<ImportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Task.Run(() => Verify(path, progress, cancellationToken), cancellationToken);
    }

    private static IReadOnlyList<PackMismatch> Verify(string path, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        PackManifest manifest = ModelPack.ReadManifest(path);
        ByteProgress done = new(progress, manifest.Components.Sum(component => component.SizeInBytes));
        List<PackMismatch> mismatches = [];
        foreach (PackComponent component in manifest.Components)
        {
            done.Stage = component.Name;
            foreach (PackFile file in component.Files)
            {
                if (Check(path, file, done, cancellationToken) is { } reason)
                {
                    mismatches.Add(new PackMismatch(file.Path, reason));
                }
            }
        }

        mismatches.AddRange(FindStrangers(path, manifest));
        return mismatches;
    }

    private static string? Check(string folder, PackFile file, ByteProgress done, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, file.Path);
        if (!File.Exists(path))
        {
            return "it is missing";
        }

        long actual = new FileInfo(path).Length;
        if (actual != file.SizeInBytes)
        {
            return $"it has {actual} bytes, the manifest says {file.SizeInBytes}";
        }

        try
        {
            (_, string hash) = FileHash.Compute(path, done.Add, cancellationToken);
            return hash == file.Sha256 ? null : $"its SHA-256 is {hash}, the manifest says {file.Sha256}";
        }
        catch (LatentSyncException exception)
        {
            return exception.Message;
        }
    }

    private static IEnumerable<PackMismatch> FindStrangers(string folder, PackManifest manifest)
    {
        HashSet<string> known = [.. manifest.Components.SelectMany(component => component.Files).Select(file => file.Path), ManifestFile.Name];
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(file => !known.Contains(file))
            .Order(StringComparer.Ordinal)
            .Select(file => new PackMismatch(file, "the manifest does not know it"));
    }
}
