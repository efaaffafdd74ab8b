using LatentSync.Runtime;

namespace LatentSync.Audio;

/// <summary>A recording in, its features out: decode, log-mel in two passes, Whisper's encoder in segments of 30 s, features on disk.</summary>
public static class AudioFeatureExtractor
{
    private const double DecodeShare = 0.1, FirstPassShare = 0.1;

    /// <summary>Extracts a recording's features, or opens them from the cache.</summary>
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
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        using PcmRecording recording = await AudioDecoder
            .DecodeAsync(path, options.TemporaryFolder, options.Decode, ProgressShare.Of(progress, 0, DecodeShare), cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => FromCacheOrNew(recording, engine, options, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private static AudioFeatures FromCacheOrNew(
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
                return cached;
            }
        }

        WhisperFeatureExtractor whisper = new(engine);
        LogMelSpectrogram mel = new(recording, ProgressShare.Of(progress, DecodeShare, FirstPassShare), cancellationToken);
        FeatureFileHeader header = new(
            WhisperFeatureExtractor.RowCount(mel), whisper.LayerCount, whisper.State, recording.SampleCount, recording.DecodedSampleCount, recording.DecodedSampleRate);
        IProgress<double>? rest = ProgressShare.Of(progress, DecodeShare + FirstPassShare, 1 - DecodeShare - FirstPassShare);
        if (cache?.Accepts(header) == true)
        {
            try
            {
                string unfinished = cache.NewUnfinishedPath();
                AudioFeatures features = Write(unfinished, key, header, mel, whisper, options.FeatLength, rest, cancellationToken);
                if (cache.TryAdopt(unfinished, key))
                {
                    features.LeaveFile();
                }

                return features;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // A cache that is full or cannot be written must not stop the job: the features go to the job's own folder.
            }
        }

        string own = TemporaryFile.NewPath(options.TemporaryFolder, ".features");
        try
        {
            return Write(own, key, header, mel, whisper, options.FeatLength, rest, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(
                LatentSyncError.Output,
                $"{options.TemporaryFolder}: cannot hold the audio features, {header.FileLength >> 20} MiB ({exception.Message}); free space or choose another folder with --temp-dir",
                exception);
        }
    }

    private static AudioFeatures Write(
        string path,
        ReadOnlySpan<byte> key,
        FeatureFileHeader header,
        LogMelSpectrogram mel,
        WhisperFeatureExtractor whisper,
        AudioFeatLength reach,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        try
        {
            using (FeatureFileWriter writer = new(path, header, key))
            {
                foreach (ReadOnlyMemory<float> rows in whisper.Encode(mel, progress, cancellationToken))
                {
                    writer.Append(rows.Span);
                }

                writer.Complete();
            }

            return AudioFeatures.OpenOwn(path, header, reach);
        }
        catch
        {
            TemporaryFile.TryDelete(path);
            throw;
        }
    }
}
