using System.Diagnostics;
using LatentSync.Faces;
using LatentSync.Kernels;
using LatentSync.Latents;
using LatentSync.Models.Packs;
using LatentSync.Pipeline.Prepared;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Video;

namespace LatentSync.Pipeline.Avatars;

/// <summary>
/// Makes avatars: everything of a job that depends on the video alone, computed once, with the networks that a job would run for it. UNet, decoder and speech
/// network are not loaded. Load it once, make any number of avatars, one at a time.
/// </summary>
public sealed class AvatarMaker : IDisposable
{
    private readonly FaceAnalyzer _faces;
    private readonly OnnxRuntimeEngine _encoder;
    private readonly string _backend;
    private readonly SemaphoreSlim _one = new(1, 1);

    private AvatarMaker(ModelPack pack, FaceAnalyzer faces, OnnxRuntimeEngine encoder, string backend)
    {
        (Pack, _faces, _encoder, _backend) = (pack, faces, encoder, backend);
    }

    /// <summary>The pack whose networks run.</summary>
    public ModelPack Pack { get; }

    /// <summary>Loads the face networks and the VAE's encoder on ONNX Runtime, on the thread pool.</summary>
    /// <param name="packPath">A folder made by <c>latentsync models import</c>.</param>
    /// <param name="options">Threads and execution provider; null for the defaults. For outputs that are the same bit for bit, the jobs' own.</param>
    /// <param name="cancellationToken">Stops between two networks.</param>
    /// <exception cref="LatentSyncException">The folder is not a pack, or a network cannot be loaded.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public static Task<AvatarMaker> LoadAsync(string packPath, LipSyncEngineOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Load(ModelPack.Open(packPath), options ?? new LipSyncEngineOptions(), cancellationToken), cancellationToken);

    /// <summary>Looks at the options, the video and the output without networks, so that what is wrong with them is told at once.</summary>
    /// <param name="options">What the avatar is made of.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <exception cref="LatentSyncException">The avatar cannot be made; the message names the file or option and the fix.</exception>
    public static Task CheckAsync(AvatarOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Task.Run(() => ProbeAsync(options, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Makes an avatar, or finds that the output is one of the same contents already. The output appears under its name only when it is whole; memory does not
    /// grow with the video but for 56 bytes a frame.
    /// </summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="progress">Told after every frame, on the thread pool; null for none.</param>
    /// <param name="cancellationToken">Stops within a frame.</param>
    /// <exception cref="LatentSyncException">The video, the output or the machine is not as it must be, or no frame has a usable face.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public async Task<AvatarReport> PrepareAsync(AvatarOptions options, IProgress<AvatarProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => RunAsync(options, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _faces.Dispose();
        _encoder.Dispose();
        _one.Dispose();
    }

    private static AvatarMaker Load(ModelPack pack, LipSyncEngineOptions options, CancellationToken cancellationToken)
    {
        if (options.Backend == InferenceBackend.TensorRt)
        {
            throw new LatentSyncException(LatentSyncError.Usage, "avatars are made on ONNX Runtime: leave the backend out");
        }

        OnnxRuntimeEngine encoder = OnnxRuntimeEngine.Load(pack.VaeEncoderPath, NetworkSessions.Vae(options, pack.Component(PackComponentName.VaeEncoder)));
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            FaceAnalyzer faces = FaceAnalyzer.Load(pack.DetectorPath, pack.LandmarksPath, NetworkSessions.Side(options));
            return new AvatarMaker(pack, faces, encoder, BackendChooser.OnnxRuntime(options));
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    private static async Task<VideoInfo> ProbeAsync(AvatarOptions options, CancellationToken cancellationToken)
    {
        LipSyncOptionsValidator.CheckVideo(options.Resolution, options.FrameRate, options.Start, options.Duration, options.DetectEvery);
        VideoInfo video = await MediaProbe.ProbeVideoAsync(options.VideoPath, cancellationToken).ConfigureAwait(false);
        VideoReader.Validate(video, ReaderOptions(options));
        if (!await AvatarReuse.IsAvatarAsync(options.OutputPath).ConfigureAwait(false))
        {
            PartialFile.Create(options.OutputPath, options.Overwrite, [options.VideoPath]).Dispose();
        }

        return video;
    }

    private static VideoReaderOptions ReaderOptions(AvatarOptions options) => new() { FrameRate = options.FrameRate, Start = options.Start, Duration = options.Duration };

    private async Task<AvatarReport> RunAsync(AvatarOptions options, IProgress<AvatarProgress>? progress, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        VideoInfo video = await ProbeAsync(options, cancellationToken).ConfigureAwait(false);
        AvatarIdentity identity = await AvatarIdentities.OfAsync(options, Pack, cancellationToken).ConfigureAwait(false);
        if (AvatarReuse.Find(options.OutputPath, identity, cancellationToken) is { } found)
        {
            using (found)
            {
                return new AvatarReport(options.OutputPath, found.Info, found.SizeInBytes, true, found.MissingFaces, Stopwatch.GetElapsedTime(start), []);
            }
        }

        List<string> warnings = [];
        MouthMask mask = new(identity.Resolution);
        FaceEncoder encoder = new(new VaeEncoder(_encoder, identity.VaeScalingFactor, identity.VaeShiftFactor), mask, identity.LatentChannels, new SimdKernels(), new NoPreparedFaces());
        using AvatarWriter writer = AvatarWriter.Create(options.OutputPath, encoder.Layout, options.Overwrite, [options.VideoPath]);
        await using VideoReader reader = VideoReader.Open(video, ReaderOptions(options) with { Warning = warnings.Add });
        AvatarFaceMaker maker = new(new TrackedFaceLocator(new FaceFollower(_faces, options.DetectEvery), identity.Resolution), encoder);
        int total = video.EstimateFrameCount(options.FrameRate, options.Start, options.Duration) ?? 0;
        List<MissingFace> missing = [];
        while (await reader.ReadFrameAsync(cancellationToken).ConfigureAwait(false) is { } read)
        {
            using VideoFrame frame = read;
            TrackedFace face = maker.Make(frame, cancellationToken);
            if (!face.HasFace)
            {
                missing.Add(new MissingFace(frame.Index, frame.SourceIndex, face.Absence.Describe()));
            }

            writer.Append(face, maker.Record);
            progress?.Report(new AvatarProgress(writer.FrameCount, Math.Max(total, writer.FrameCount), Stopwatch.GetElapsedTime(start)));
        }

        if (writer.FaceCount == 0)
        {
            throw new LatentSyncException(LatentSyncError.Media, $"'{MediaPath.Show(options.VideoPath)}' shows no usable face in any of its {writer.FrameCount} frames: give another video");
        }

        AvatarInfo info = new(identity, video.Path, video.Width, video.Height, writer.FrameCount, writer.FaceCount, _backend, AvatarIdentities.CreatedBy);
        writer.Complete(info);
        return new AvatarReport(options.OutputPath, info, new FileInfo(options.OutputPath).Length, false, missing, Stopwatch.GetElapsedTime(start), warnings);
    }
}
