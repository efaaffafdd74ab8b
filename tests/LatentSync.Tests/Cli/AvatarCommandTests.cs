using System.Text.Json;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Cli;

/// <summary><c>latentsync avatar</c> and <c>sync --avatar</c> as a user types them.</summary>
public sealed class AvatarCommandTests : IDisposable
{
    private const int Usage = 2, Media = 3, Model = 4;

    private readonly SyncBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Avatar_PrepareInspectSync_WorkTogether()
    {
        string avatar = _bench["presenter.avatar"];
        CliResult prepared = await _bench.RunAsync([.. Prepare(avatar), "--json"]);
        Assert.True(prepared.ExitCode == 0, prepared.Errors);
        JsonElement made = Assert.Single(prepared.EventsOf("result"));
        Assert.Equal((5, false), (made.GetProperty("info").GetProperty("frameCount").GetInt32(), made.GetProperty("reused").GetBoolean()));
        Assert.NotEmpty(prepared.EventsOf("progress"));

        CliResult inspected = await _bench.RunAsync(["avatar", "inspect", avatar]);
        Assert.True(inspected.ExitCode == 0, inspected.Errors);
        Assert.All(
            new[] { made.GetProperty("key").GetString()!, "intact", SyncBench.Presenter, "5, of which 5 with a face", "64 px", "vae_encoder-" },
            text => Assert.Contains(text, inspected.Output, StringComparison.Ordinal));

        CliResult synced = await _bench.RunAsync([.. Job(avatar), "--json"]);
        Assert.True(synced.ExitCode == 0, synced.Errors);
        JsonElement runs = synced.Events[^1].GetProperty("networkRuns");
        Assert.All(new[] { "faceDetector", "faceLandmarks", "vaeEncoder" }, network => Assert.Equal(0, runs.GetProperty(network).GetInt32()));
        Assert.Equal("3", _bench.Probe(_bench["out/out.mp4"], "v", "nb_frames"));

        CliResult again = await _bench.RunAsync(Prepare(avatar));
        Assert.Contains("there already", again.Output, StringComparison.Ordinal);
        _bench.CheckNothingLeft();
    }

    [Fact]
    public async Task Sync_AvatarThatDoesNotFit_IsNamed()
    {
        string avatar = _bench["presenter.avatar"];
        Assert.Equal(0, (await _bench.RunAsync(Prepare(avatar))).ExitCode);

        await _bench.RefusesAsync(Usage, [.. Job(avatar), "--resolution", "128"], "--resolution 128", "presenter.avatar", "64");
        await _bench.RefusesAsync(Usage, [.. Job(avatar), "--fps", "30"], "--fps 30", "presenter.avatar");
        await _bench.RefusesAsync(Media, [.. Job(avatar), "--video", _bench.MakeFaceless("other.mp4", 0.2)], "other.mp4", "--video");

        byte[] bytes = File.ReadAllBytes(avatar);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(avatar, bytes);
        await _bench.RefusesAsync(Model, Job(avatar), "presenter.avatar", "damaged", "latentsync avatar prepare");
        await _bench.RefusesAsync(Model, Job(_bench["absent.avatar"]), "absent.avatar", "latentsync avatar prepare");
        await _bench.RefusesAsync(Model, ["avatar", "inspect", SyncBench.Speech], "speech.wav", "not an avatar");
    }

    [Theory]
    [InlineData("--resolution", "100")]
    [InlineData("--fps", "1000")]
    [InlineData("--start", "3600")]
    [InlineData("--duration", "0")]
    public async Task Prepare_SenselessOption_IsNamed(string option, string value)
    {
        await _bench.RefusesAsync(Usage, [.. Prepare(_bench["out/a.avatar"]), option, value], option);
        Assert.Empty(_bench.Outputs);
    }

    private string[] Job(string avatar) => _bench.Job(("--video", null), ("--avatar", avatar), ("--resolution", null));

    private static string[] Prepare(string avatar) =>
    [
        "avatar", "prepare", "--video", SyncBench.Presenter, "--out", avatar, "--models", ImportedDemoPack.Path, .. avatar.Contains("out/", StringComparison.Ordinal) ? Array.Empty<string>() : ["--resolution", "64", "--duration", "0.2"],
    ];
}
