using LatentSync.Pipeline;
using LatentSync.Pipeline.Avatars;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline.Avatars;

/// <summary>Makes small avatars of the demo clips and jobs with and without them.</summary>
public sealed class AvatarBench : IDisposable
{
    private static readonly string Media = Path.Combine(Goldens.DemoPack, "media");

    private readonly TemporaryFolder _folder = new();

    public static string Presenter => Path.Combine(Media, "presenter.mp4");

    /// <summary>29.97 fps; the face is out of the picture from 1.5 to 2.2 s.</summary>
    public static string Tall => Path.Combine(Media, "presenter-30fps-tall.mp4");

    public static string Speech => Path.Combine(Media, "speech.wav");

    public string this[string name] => _folder.File(name);

    /// <summary>At half the pack's size: what is tested with it does not depend on it.</summary>
    public AvatarOptions Options(string name, string? video = null) => new()
    {
        VideoPath = video ?? Presenter,
        OutputPath = this[name],
        Resolution = 64,
        Duration = TimeSpan.FromSeconds(0.4),
    };

    public static async Task<AvatarReport> MakeAsync(AvatarOptions options, string? pack = null)
    {
        using AvatarMaker maker = await AvatarMaker.LoadAsync(pack ?? ImportedDemoPack.Path);
        return await maker.PrepareAsync(options);
    }

    public LipSyncOptions Job(string output, string? video = null) => new()
    {
        VideoPath = video ?? Presenter,
        AudioPath = Speech,
        OutputPath = this[output],
        Steps = 2,
        Resolution = 64,
        Duration = TimeSpan.FromSeconds(0.72),
        UseFeatureCache = false,
    };

    /// <summary>The same job with an avatar.</summary>
    public LipSyncOptions With(Avatar avatar, string output) => Job(output, avatar.VideoPath) with { Avatar = avatar, FrameRate = avatar.FrameRate };

    /// <summary>A clip of its own, of so many frames of the presenter, losslessly.</summary>
    public string Cut(string name, int frames, string? source = null)
    {
        using LatentSync.Tests.Video.MediaBench media = new();
        File.Move(media.Make("-i", source ?? Presenter, "-frames:v", FormattableString.Invariant($"{frames}"), "-c:v", "ffv1", "-an", name), this[name]);
        return this[name];
    }

    internal static void AssertSame(PipelineRecorder expected, PipelineRecorder actual)
    {
        Assert.NotEmpty(expected.Frames);
        Assert.Equal(expected.Latents, actual.Latents);
        Assert.Equal(expected.Frames.Select(f => (f.Index, f.Source, f.Transform)), actual.Frames.Select(f => (f.Index, f.Source, f.Transform)));
        Assert.Equal(expected.Frames.Select(f => f.Pixels), actual.Frames.Select(f => f.Pixels));
    }

    public void Dispose() => _folder.Dispose();
}
