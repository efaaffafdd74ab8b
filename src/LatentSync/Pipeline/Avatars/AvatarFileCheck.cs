using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using LatentSync.Pipeline.Prepared;
using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Pipeline.Avatars;

/// <summary>Reads an avatar's parts and refuses what is not whole. Nothing is taken for granted, and no more is allocated than the file has bytes.</summary>
internal static class AvatarFileCheck
{
    private const int WindowInBytes = 1 << 20;
    private const int MaxLatentChannels = 64;

    public static LatentSyncException Refused(string path, string reason, Exception? inner = null) => new(
        LatentSyncError.Model, $"'{MediaPath.Show(path)}' cannot be used as an avatar: {MediaPath.Show(reason)}; make it again with 'latentsync avatar prepare'", inner);

    public static FileStream OpenStream(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"'{MediaPath.Show(path)}' does not exist: make an avatar with 'latentsync avatar prepare'", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unreadable(path, exception);
        }
    }

    /// <summary>Reads every byte.</summary>
    /// <exception cref="LatentSyncException">The file is no whole avatar of this version.</exception>
    public static (AvatarPrologue Prologue, AvatarFrame[] Frames, AvatarInfo Info) Read(string path, FileStream stream, CancellationToken cancellationToken)
    {
        try
        {
            byte[] start = new byte[AvatarPrologue.Size];
            int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            (AvatarPrologue prologue, string? refusal) = AvatarPrologue.Parse(start.AsSpan(0, read), stream.Length);
            if (refusal is not null)
            {
                throw Refused(path, refusal);
            }

            if (!HasHash(stream, prologue.TableOffset - AvatarPrologue.Size, AvatarPrologue.RecordsHash(start), cancellationToken))
            {
                throw Refused(path, "its faces are damaged");
            }

            byte[] rest = new byte[prologue.TableSize + prologue.DescriptionLength];
            stream.ReadExactly(rest);
            if (!SHA256.HashData(rest).AsSpan().SequenceEqual(AvatarPrologue.TableHash(start)))
            {
                throw Refused(path, "its table of frames is damaged");
            }

            AvatarInfo info = ParseInfo(path, rest.AsSpan((int)prologue.TableSize));
            CheckInfo(path, info, prologue);
            return (prologue, ParseFrames(path, rest, prologue), info);
        }
        catch (EndOfStreamException exception)
        {
            throw Refused(path, "it is cut off", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, exception);
        }
    }

    private static bool HasHash(FileStream stream, long length, ReadOnlySpan<byte> expected, CancellationToken cancellationToken)
    {
        byte[] window = ArrayPool<byte>.Shared.Rent(WindowInBytes);
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (long left = length; left > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int part = (int)Math.Min(left, window.Length);
                stream.ReadExactly(window, 0, part);
                hash.AppendData(window, 0, part);
                left -= part;
            }

            return hash.GetHashAndReset().AsSpan().SequenceEqual(expected);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }

    private static AvatarInfo ParseInfo(string path, ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, AvatarJsonContext.Default.AvatarInfo) ?? throw new JsonException("it holds null");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw Refused(path, $"its description cannot be read ({exception.Message})", exception);
        }
    }

    // Hashes show accidents; whoever makes a file on purpose can make them fit.
    private static void CheckInfo(string path, AvatarInfo info, AvatarPrologue prologue)
    {
        AvatarIdentity identity = info.Identity;
        bool isSane = LipSyncOptionsValidator.IsResolution(identity.Resolution)
            && identity.LatentChannels is > 0 and <= MaxLatentChannels
            && new FaceRecordLayout(identity.Resolution, identity.LatentChannels).RecordSize == prologue.RecordSize
            && info.FrameCount == prologue.FrameCount && info.FaceCount == prologue.RecordCount && info.Width > 0 && info.Height > 0
            && Rational.TryParse(identity.FrameRate, out _) && identity.Start >= TimeSpan.Zero && !(identity.Duration <= TimeSpan.Zero);
        if (!isSane)
        {
            throw Refused(path, "its description does not fit its contents");
        }
    }

    private static AvatarFrame[] ParseFrames(string path, ReadOnlySpan<byte> table, AvatarPrologue prologue)
    {
        AvatarFrame[] frames = new AvatarFrame[prologue.FrameCount];
        int records = 0;
        for (int i = 0; i < frames.Length; i++)
        {
            frames[i] = AvatarFrame.Read(table[(i * AvatarFrame.Size)..]);
            bool isSane = Enum.IsDefined(frames[i].Absence) && frames[i].Record == (frames[i].HasFace ? records++ : -1)
                && (!frames[i].HasFace || LipSyncOptionsValidator.IsInvertible(frames[i].FrameToCrop));
            if (!isSane)
            {
                throw Refused(path, $"its entry of frame {i} cannot be");
            }
        }

        return records == prologue.RecordCount ? frames : throw Refused(path, "it has more records than faces");
    }

    private static LatentSyncException Unreadable(string path, Exception exception) => new(
        LatentSyncError.Model, $"'{MediaPath.Show(path)}' cannot be read ({MediaPath.Show(exception.Message)}): check the file and its permissions", exception);
}
