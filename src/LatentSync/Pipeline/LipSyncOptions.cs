using LatentSync.Kernels;
using LatentSync.Pipeline.Avatars;
using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>One job: what goes in, what comes out, and how.</summary>
public sealed record LipSyncOptions
{
    /// <summary>The input video: any local file that ffmpeg decodes.</summary>
    public required string VideoPath { get; init; }

    /// <summary>The speech: any local file with an audio stream that ffmpeg decodes.</summary>
    public required string AudioPath { get; init; }

    /// <summary>The output video; written beside and renamed when it is whole.</summary>
    public required string OutputPath { get; init; }

    /// <summary>
    /// Receives the video as fragmented MP4 instead of a file, frame by frame as they are made; <see cref="OutputPath"/> is then only a name for it. It need not seek, stays
    /// open, and keeps what it got if the job fails. Null for a file.
    /// </summary>
    public Stream? OutputStream { get; init; }

    /// <summary>Whether an existing output may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Denoising steps, at least 1; the original's 20.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>Classifier-free guidance towards the speech, 1 (none) to 10; the original's range is 1 to 3.</summary>
    public double GuidanceScale { get; init; } = 1.5;

    /// <summary>Seed of the one noise draw; the same seed gives torch's CPU generator's numbers.</summary>
    public long Seed { get; init; } = 1247;

    /// <summary>Sampler by name, see <see cref="Denoising.SchedulerFactory.Names"/>.</summary>
    public string Scheduler { get; init; } = "ddim";

    /// <summary>
    /// Step caching (DeepCache): the whole UNet runs in every so many steps of a chunk, in the others the part outside <see cref="CacheBranch"/>. 1, the
    /// default, is none; the original's helper has 3.
    /// </summary>
    public int CacheInterval { get; init; } = 1;

    /// <summary>The skip connection that step caching cuts at, 0 (the outermost, the cheapest) to the number of the UNet's up layers less one.</summary>
    public int CacheBranch { get; init; }

    /// <summary>Side of the aligned face in pixels, a multiple of 64; null takes the pack's.</summary>
    public int? Resolution { get; init; }

    /// <summary>Frames per second of the job and the output, 1 to 120; the original's 25.</summary>
    public Rational FrameRate { get; init; } = Rational.Fps25;

    /// <summary>Where the job begins, in both the video and the speech.</summary>
    public TimeSpan Start { get; init; }

    /// <summary>How much of the speech is used at most; null takes all.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>H.264 constant rate factor, 0 (lossless) to 51.</summary>
    public int Crf { get; init; } = 18;

    /// <summary>
    /// Frames from one run of the face detector to the next at most, 1 to 1000; between them faces are followed by their landmarks
    /// (see <see cref="Faces.FaceFollower"/> for what that changes). 1 detects in every frame, as the original does.
    /// </summary>
    public int DetectEvery { get; init; } = 1;

    /// <summary>What happens to frames without a usable face.</summary>
    public MissingFacePolicy OnMissingFace { get; init; } = MissingFacePolicy.Keep;

    /// <summary>Where temporary files go (speech samples, the spool of a looping video); null takes the system's.</summary>
    public string? TempDirectory { get; init; }

    /// <summary>Whether speech features are looked for and kept in the user's cache folder.</summary>
    public bool UseFeatureCache { get; init; } = true;

    /// <summary>
    /// What was prepared of the video, so that the job costs no face analysis and no VAE encoder: <see cref="VideoPath"/> must then be <see cref="Avatars.Avatar.VideoPath"/>,
    /// <see cref="FrameRate"/> and <see cref="Resolution"/> the avatar's (null takes it), and <see cref="Start"/> counts in the speech alone, since the video begins
    /// where the avatar does. The output is bit for bit that of the job without it on the same machine. Stays the caller's; null for none.
    /// </summary>
    public Avatar? Avatar { get; init; }

    /// <summary>
    /// Most bytes on disk, in <see cref="TempDirectory"/>, for aligned faces and latents of frames that a looping video shows again; 0 computes them anew each time.
    /// The result does not depend on it. A face takes 229 kB at 256 px, 918 kB at 512.
    /// </summary>
    public long LoopedFacesInBytes { get; init; } = 2L << 30;

    /// <summary>
    /// Transforms (frame to crop) of a face tracker of the caller's, one per source frame, null for a frame without a face;
    /// source frames past its end count as without a face; each must have an inverse. Null detects faces with the pack's networks.
    /// </summary>
    public IReadOnlyList<AffineTransform?>? FaceTransforms { get; init; }

    /// <summary>The initial noise, <c>[C,R/8,R/8]</c>; null draws it from <see cref="Seed"/>.</summary>
    public Tensor? InitialNoise { get; init; }

    /// <summary>Sees intermediate results; null for none.</summary>
    public ILipSyncObserver? Observer { get; init; }
}
