using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>Takes a network over from one pack into another, as it is.</summary>
internal static class ComponentCopy
{
    /// <summary>Copies its files into the staging folder; what was damaged since the import is found on the way.</summary>
    /// <param name="component">The network's entry in the manifest.</param>
    /// <param name="pack">The pack's folder.</param>
    /// <param name="staging">The new pack's.</param>
    /// <param name="progress">Told of bytes.</param>
    /// <param name="cancellationToken">Stops between windows.</param>
    /// <exception cref="LatentSyncException">A file is not what the manifest promises.</exception>
    public static PackComponent Write(PackComponent component, string pack, string staging, ByteProgress progress, CancellationToken cancellationToken)
    {
        foreach (PackFile file in component.Files)
        {
            string relative = file.Path.Replace('/', Path.DirectorySeparatorChar);
            if (FileHash.Copy(Path.Combine(pack, relative), Path.Combine(staging, relative), progress, cancellationToken).Sha256 != file.Sha256)
            {
                throw new LatentSyncException(LatentSyncError.Model, $"{pack}: {file.Path} is not what the manifest promises; check the pack with 'latentsync models verify' and import it again");
            }
        }

        return component;
    }
}
