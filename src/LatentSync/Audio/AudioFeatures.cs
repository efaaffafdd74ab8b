using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LatentSync.Runtime;
using Microsoft.Win32.SafeHandles;

namespace LatentSync.Audio;

/// <summary>
/// A recording's Whisper features, <c>[RowCount, LayerCount, State]</c> float32, 50 rows a second: on disk, so that an hour costs no memory, and read at random.
/// </summary>
/// <remarks>Safe to read from several threads. Disposing closes the file, and removes it unless it belongs to the cache.</remarks>
public sealed class AudioFeatures : IDisposable
{
    private readonly FeatureFileHeader _header;
    private readonly AudioFeatLength _reach;
    private readonly SafeFileHandle _handle;
    private readonly ComingRows? _coming;
    private string? _removeOnDispose;

    private AudioFeatures(SafeFileHandle handle, FeatureFileHeader header, AudioFeatLength reach, string? removeOnDispose, ComingRows? coming)
    {
        _coming = coming;
        _handle = handle;
        _header = header;
        _reach = reach;
        _removeOnDispose = removeOnDispose;
    }

    /// <summary>Feature rows: half of the mel columns, rounded down.</summary>
    public long RowCount => _header.Rows;

    /// <summary>Layers of a row: the encoder's blocks and the input to the first.</summary>
    public int LayerCount => _header.Layers;

    /// <summary>Width of a layer, the UNet's cross-attention width.</summary>
    public int State => _header.State;

    /// <summary>Samples at 16 kHz.</summary>
    public long SampleCount => _header.SampleCount;

    /// <summary>Length of the recording: decoded samples over their rate.</summary>
    public double DurationSeconds => (double)_header.DecodedSampleCount / _header.DecodedSampleRate;

    /// <summary>Audio tokens of one frame: rows of the window times layers, the first extent of a window.</summary>
    public int WindowRows => _reach.Rows * LayerCount;

    /// <summary>Floats in one frame's window, <c>WindowRows * State</c>.</summary>
    public int WindowLength => WindowRows * State;

    /// <summary>Frames that are denoised for this recording (see <see cref="AudioWindows.FrameCount"/>); one or two more than it lasts.</summary>
    /// <param name="fps">Video frames a second.</param>
    public long FrameCount(double fps) => AudioWindows.FrameCount(RowCount, fps);

    /// <summary>Frames that the recording lasts, a begun one included: <c>ceil(DurationSeconds * fps)</c>.</summary>
    /// <param name="fps">Video frames a second.</param>
    public long FramesOfSpeech(double fps) => AudioWindows.FramesOfSpeech(_header.DecodedSampleCount, _header.DecodedSampleRate, fps);

    /// <summary>Copies the window of a video frame: rows <c>centre-2a .. centre+2(b+1)-1</c>, those outside the recording replaced by its first or last.</summary>
    /// <param name="frame">Frame index from 0; may lie past the recording.</param>
    /// <param name="fps">Video frames a second.</param>
    /// <param name="destination">Receives <c>[WindowRows, State]</c>: the UNet's <c>encoder_hidden_states</c> for the frame.</param>
    /// <param name="cancellationToken">Ends waiting for rows that are still being computed.</param>
    /// <exception cref="ArgumentException">The destination is not <see cref="WindowLength"/> long.</exception>
    /// <exception cref="LatentSyncException">The feature file was cut short by someone else.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled while rows were waited for.</exception>
    public void CopyWindow(long frame, double fps, Span<float> destination, CancellationToken cancellationToken = default)
    {
        if (destination.Length != WindowLength)
        {
            throw new ArgumentException($"a window takes {WindowLength} floats, the destination has {destination.Length}");
        }

        long first = AudioWindows.CentreRow(frame, fps) - (2L * _reach.Before);
        long last = first + _reach.Rows - 1;
        long firstInside = Math.Clamp(first, 0, RowCount - 1), lastInside = Math.Clamp(last, 0, RowCount - 1);
        int rowLength = _header.RowLength;
        int before = (int)Math.Clamp(firstInside - first, 0, _reach.Rows - 1);
        int inside = (int)(lastInside - firstInside) + 1;
        CopyRows(firstInside, destination.Slice(before * rowLength, inside * rowLength), cancellationToken);
        ReadOnlySpan<float> firstRow = destination.Slice(before * rowLength, rowLength);
        for (int row = 0; row < before; row++)
        {
            firstRow.CopyTo(destination[(row * rowLength)..]);
        }

        ReadOnlySpan<float> lastRow = destination.Slice((before + inside - 1) * rowLength, rowLength);
        for (int row = before + inside; row < _reach.Rows; row++)
        {
            lastRow.CopyTo(destination[(row * rowLength)..]);
        }
    }

    /// <summary>Copies consecutive rows.</summary>
    /// <param name="firstRow">Index of the first row.</param>
    /// <param name="destination">Receives whole rows <c>[n, LayerCount, State]</c>.</param>
    /// <param name="cancellationToken">Ends waiting for rows that are still being computed.</param>
    /// <exception cref="ArgumentException">The destination is no whole number of rows, or the rows are not all in the recording.</exception>
    /// <exception cref="LatentSyncException">The feature file was cut short by someone else.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled while rows were waited for.</exception>
    public void CopyRows(long firstRow, Span<float> destination, CancellationToken cancellationToken = default)
    {
        int rows = Math.DivRem(destination.Length, _header.RowLength, out int rest);
        if (rest != 0 || firstRow < 0 || firstRow + rows > RowCount)
        {
            throw new ArgumentException($"rows {firstRow} to {firstRow + rows} are not whole rows of a recording of {RowCount}");
        }

        _coming?.WaitUntilReady(firstRow + rows, cancellationToken);
        long offset = FeatureFileHeader.Size + (firstRow * _header.RowLength * sizeof(float));
        if (!TryReadFully(_handle, MemoryMarshal.AsBytes(destination), offset))
        {
            throw new LatentSyncException(LatentSyncError.Output, "the audio features were cut short on disk while in use; leave the cache and the temporary folder alone and run again");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _handle.Dispose();
        if (_removeOnDispose is not null)
        {
            TemporaryFile.TryDelete(_removeOnDispose);
        }
    }

    /// <summary>Opens a file that this process has written or, with <paramref name="coming"/>, still writes; disposing removes it, unless <see cref="LeaveFile"/> is called.</summary>
    internal static AudioFeatures OpenOwn(string path, FeatureFileHeader header, AudioFeatLength reach, ComingRows? coming = null) =>
        new(OpenHandle(path), header, reach, path, coming);

    /// <summary>The file has become someone else's; it stays when this is disposed.</summary>
    internal void LeaveFile() => _removeOnDispose = null;

    /// <summary>Opens a file that may be missing, damaged or another's: null unless its header, length and checksum all agree.</summary>
    internal static AudioFeatures? TryOpen(string path, ReadOnlySpan<byte> key, AudioFeatLength reach, CancellationToken cancellationToken)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = OpenHandle(path);
            byte[] start = new byte[FeatureFileHeader.Size];
            if (TryReadFully(handle, start, 0)
                && FeatureFileHeader.TryRead(start, key, RandomAccess.GetLength(handle), out FeatureFileHeader header)
                && HasChecksum(handle, start, cancellationToken))
            {
                AudioFeatures features = new(handle, header, reach, null, null);
                handle = null;
                return features;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Deleted by another job, or unreadable: the same as not there.
        }
        finally
        {
            handle?.Dispose();
        }

        return null;
    }

    private static SafeFileHandle OpenHandle(string path) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess);

    private static bool HasChecksum(SafeFileHandle handle, ReadOnlySpan<byte> header, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header[..FeatureFileHeader.ChecksumOffset]);
        byte[] buffer = new byte[1 << 18];
        for (long offset = FeatureFileHeader.Size; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int read = RandomAccess.Read(handle, buffer, offset);
            if (read == 0)
            {
                return hash.GetHashAndReset().AsSpan().SequenceEqual(header[FeatureFileHeader.ChecksumOffset..]);
            }

            hash.AppendData(buffer, 0, read);
            offset += read;
        }
    }

    private static bool TryReadFully(SafeFileHandle handle, Span<byte> destination, long offset)
    {
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(handle, destination, offset);
            if (read == 0)
            {
                return false;
            }

            offset += read;
            destination = destination[read..];
        }

        return true;
    }
}
