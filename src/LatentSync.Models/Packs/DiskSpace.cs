using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>Free space of the disk a pack goes to, before writing and when writing fails.</summary>
internal static class DiskSpace
{
    // errno ENOSPC and EDQUOT; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL.
    private static readonly int[] DiskFullCodes = [28, 122, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    // File systems round each file up and keep tables of their own.
    private const long MarginInBytes = 4 << 20;

    /// <summary>Fails if the folder's disk cannot take so many bytes. A disk that does not tell is tried.</summary>
    public static void Require(string folder, string pack, long neededInBytes)
    {
        long free;
        try
        {
            free = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return;
        }

        if (free < neededInBytes + MarginInBytes)
        {
            throw TooSmall(pack, neededInBytes, $"{Megabytes(free)} are free", null);
        }
    }

    /// <summary>Whether a full disk is the cause of an error.</summary>
    public static bool IsFull(Exception exception)
    {
        for (Exception? at = exception; at is not null; at = at.InnerException)
        {
            if (at is IOException && DiskFullCodes.Contains(at.HResult))
            {
                return true;
            }
        }

        return false;
    }

    public static LatentSyncException TooSmall(string pack, long neededInBytes, string state, Exception? inner) =>
        new(LatentSyncError.Output, $"{pack}: the pack needs {Megabytes(neededInBytes)} of disk space, {state}; free some or choose another disk", inner);

    private static string Megabytes(long bytes) => $"{(bytes + 999_999) / 1_000_000} MB";
}
