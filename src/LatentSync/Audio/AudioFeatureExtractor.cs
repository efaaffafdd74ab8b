using LatentSync.Runtime;

namespace LatentSync.Audio;

/// <summary>A recording in, its features out: decode, log-mel in two passes, Whisper's encoder in segments of 30 s, features on disk.</summary>
public static class AudioFeatureExtractor
{
    private const double DecodeShare = 0.1, FirstPassShare = 0.1;

    /// <summary>Extracts all of a recording's features, or opens them from the cache.</summary>
    /// <param name="path">A local audio file, or a video with sound.</param>
    /// <param name="engine">Whisper's encoder (contract: <see cref="WhisperFeatureExtractor"/>); stays the caller's.</param>
    /// <param name="options">Where to keep what, and which part of the recording.</param>
    /// <param name="progress">0 to 1 over all of it.</param>
    /// <param name="cancellationToken">Kills ffmpeg at once and stops the network itself.</param>
    /// <returns>The features; dispose them when the job is over.</returns>
    /// <exception cref="LatentSyncException">The recording cannot be used, the network fails, or the temporary folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public static async Task<AudioFeatures> ExtractAsync(
        string path, IInferenceEngine engine, AudioFeatureOptions options, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using AudioExtraction extraction = await BeginAsync(path, engine, options, progress, cancellationToken).ConfigureAwait(false);
        await Task.Run(
            () =>
            {
                while (!extraction.IsComplete)
                {
                    extraction.EncodeSegment(cancellationToken);
                }
            },
            cancellationToken).ConfigureAwait(false);
        return extraction.TakeFeatures();
    }

    /// <summary>
    /// Decodes a recording and finds its loudest moment, on which the features of its first moment depend; the network has not run when this returns.
    /// </summary>
    /// <param name="path">A local audio file, or a video with sound.</param>
    /// <param name="engine">Whisper's encoder (contract: <see cref="WhisperFeatureExtractor"/>); stays the caller's.</param>
    /// <param name="options">Where to keep what, and which part of the recording.</param>
    /// <param name="progress">0 to 1 over all of it, the network's work included.</param>
    /// <param name="cancellationToken">Kills ffmpeg at once.</param>
    /// <returns>The work to be done; complete if the cache has the features.</returns>
    /// <exception cref="LatentSyncException">The recording cannot be used, or the temporary folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public static async Task<AudioExtraction> BeginAsync(
        string path, IInferenceEngine engine, AudioFeatureOptions options, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        PcmRecording recording = await AudioDecoder
            .DecodeAsync(path, options.TemporaryFolder, options.Decode, ProgressShare.Of(progress, 0, DecodeShare), cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => FromCacheOrNew(recording, engine, options, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            recording.Dispose();
            throw;
        }
    }

    private static AudioExtraction FromCacheOrNew(
        PcmRecording recording, IInferenceEngine engine, AudioFeatureOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        byte[] key = new byte[FeatureFileHeader.HashSize];
        AudioFeatureCache? cache = string.IsNullOrEmpty(options.ModelHash) ? null : options.Cache;
        if (cache is not null)
        {
            key = AudioFeatureCache.Key(recording.ComputeHash(cancellationToken), options.ModelHash!);
            if (cache.TryOpen(key, options.FeatLength, cancellationToken) is { } cached)
            {
                progress?.Report(1);
                return new AudioExtraction(recording, cached);
            }
        }

        WhisperFeatureExtractor whisper = new(engine);
        LogMelSpectrogram mel = new(recording, ProgressShare.Of(progress, DecodeShare, FirstPassShare), cancellationToken);
        FeatureFileHeader header = new(
            WhisperFeatureExtractor.RowCount(mel), whisper.LayerCount, whisper.State, recording.SampleCount, recording.DecodedSampleCount, recording.DecodedSampleRate);
        IProgress<double>? rest = ProgressShare.Of(progress, DecodeShare + FirstPassShare, 1 - DecodeShare - FirstPassShare);
        FeatureFile file = FeatureFile.Create(header, key, cache, options.TemporaryFolder);
        return new AudioExtraction(recording, file, whisper, mel, options.FeatLength, rest);
    }
}
