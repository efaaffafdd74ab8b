using LatentSync.Runtime;

namespace LatentSync.Audio;

/// <summary>
/// A recording whose features are computed segment by segment, while <see cref="Features"/> are already read: whoever reads rows that are not there yet waits for them.
/// One thread computes; any number read.
/// </summary>
public sealed class AudioExtraction : IDisposable
{
    // Half a segment before its first row is read, the next one is begun: 15 s of speech, longer to animate than a segment takes to encode.
    private const long LeadInRows = AudioFormat.SegmentRows / 2;

    private readonly PcmRecording _recording;
    private readonly ComingRows _coming = new();
    private readonly FeatureFile? _file;
    private readonly WhisperFeatureExtractor? _whisper;
    private readonly LogMelSpectrogram? _mel;
    private readonly IProgress<double>? _progress;
    private AudioFeatures? _features;
    private long _rows;

    /// <summary>Features that are in the cache.</summary>
    internal AudioExtraction(PcmRecording recording, AudioFeatures cached)
    {
        _recording = recording;
        _features = cached;
        IsComplete = true;
    }

    /// <summary>Features to be computed.</summary>
    /// <param name="recording">Disposed with this.</param>
    /// <param name="file">Where to; disposed with this.</param>
    /// <param name="whisper">The network.</param>
    /// <param name="mel">The recording's spectrogram.</param>
    /// <param name="reach">Rows of a window.</param>
    /// <param name="progress">0 to 1 over the network's work.</param>
    internal AudioExtraction(
        PcmRecording recording, FeatureFile file, WhisperFeatureExtractor whisper, LogMelSpectrogram mel, AudioFeatLength reach, IProgress<double>? progress)
    {
        (_recording, _file, _whisper, _mel, _progress) = (recording, file, whisper, mel, progress);
        _features = AudioFeatures.OpenOwn(file.Path, file.Header, reach, _coming);
    }

    /// <summary>The features; disposed with this, unless taken.</summary>
    /// <exception cref="ObjectDisposedException">They were taken, or this was disposed.</exception>
    public AudioFeatures Features
    {
        get
        {
            ObjectDisposedException.ThrowIf(_features is null, this);
            return _features;
        }
    }

    /// <summary>Whether all rows are there.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Waits until the next segment's rows are read soon (15 s of speech ahead), or <see cref="WantAll"/> is called.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public void WaitUntilWanted(CancellationToken cancellationToken)
    {
        if (!IsComplete)
        {
            _coming.WaitUntilWanted(Math.Max(0, _rows - LeadInRows), cancellationToken);
        }
    }

    /// <summary>Nobody reads on: the rest is computed without waiting, for the cache.</summary>
    public void WantAll() => _coming.Want(long.MaxValue);

    /// <summary>Computes the next 30 s; after the last, the features are complete and, where there is a cache, kept.</summary>
    /// <param name="cancellationToken">Stops the network itself.</param>
    /// <exception cref="LatentSyncException">The network fails, or the features cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public void EncodeSegment(CancellationToken cancellationToken)
    {
        if (IsComplete)
        {
            return;
        }

        // A row is two columns, and segments are of even length.
        ReadOnlySpan<float> rows = _whisper!.EncodeSegment(_mel!, 2 * _rows, cancellationToken).Span;
        _file!.Append(rows);
        _rows += rows.Length / _file.Header.RowLength;
        _coming.SetReady(_rows);
        _progress?.Report((double)_rows / _file.Header.Rows);
        if (_rows == _file.Header.Rows)
        {
            if (_file.Complete())
            {
                Features.LeaveFile();
            }

            IsComplete = true;
        }
    }

    /// <summary>Hands the features over to the caller, who disposes them.</summary>
    internal AudioFeatures TakeFeatures()
    {
        AudioFeatures features = Features;
        _features = null;
        return features;
    }

    /// <summary>Ends the work where it stands and removes what is unfinished.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _features?.Dispose();
        _features = null;
        _recording.Dispose();
    }
}
