using System.Buffers.Binary;
using System.Text.Json;
using LatentSync.Tests.Models.Packs;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Cli;

/// <summary><c>latentsync models</c> as a user runs it.</summary>
public sealed class ModelsCommandTests : IDisposable
{
    private const int Interrupt = 2;
    private const int Model = 4, Output = 5, Cancelled = 130;

    private readonly SyncBench _bench = new();

    private string Pack => _bench["out/pack"];

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Import_DemoPack_WritesThePackAndSaysWhere()
    {
        CliResult result = await _bench.RunAsync([.. Import(DemoImport.Checkpoints), "--json"]);

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Empty(result.Errors);
        Assert.NotEmpty(result.EventsOf("progress"));
        JsonElement last = result.Events[^1];
        Assert.Equal(("result", Pack), (last.GetProperty("event").GetString(), last.GetProperty("pack").GetString()));
        Assert.Empty(last.GetProperty("warnings").EnumerateArray());
        Assert.Equal(["pack"], _bench.Outputs);
        Assert.Equal(File.ReadAllBytes(Path.Combine(ImportedDemoPack.Path, "manifest.json")), File.ReadAllBytes(Path.Combine(Pack, "manifest.json")));
    }

    [Fact]
    public async Task Import_NoCheckpoints_NamesTheFolder() => await _bench.RefusesAsync(Model, Import(_bench["absent"]), "absent");

    [Fact]
    public async Task Import_PackIsThere_KeepsIt()
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Pack).FullName, "mine.txt"), "precious");
        await _bench.RefusesAsync(Output, Import(DemoImport.Checkpoints), "pack");
        Assert.Equal("precious", File.ReadAllText(Path.Combine(Pack, "mine.txt")));
    }

    // Four gigabytes that take no room on the disk, to be hashed: seconds, in which the signal arrives.
    [SkippableFact]
    public async Task Import_Signalled_StopsAndLeavesNothing()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "sends signals");
        string checkpoints = Path.Combine(_bench.Folder, "checkpoints");
        DemoImport.Copy(DemoImport.Checkpoints, checkpoints);
        InsertHole(Path.Combine(checkpoints, "latentsync_unet.pt"), 4L << 30);
        using CliProcess import = _bench.Start([.. Import(checkpoints), "--json"]);
        Assert.True(await import.WaitForStageAsync(null), "the import ended before it told of any progress");
        import.Signal(Interrupt);
        _bench.CheckRefusal(Cancelled, await import.FinishAsync(), "cancelled");
        Assert.Empty(_bench.Outputs);
    }

    [Fact]
    public async Task Inspect_Pack_ShowsNetworksAndSources()
    {
        CliResult text = await _bench.RunAsync(["models", "inspect", ImportedDemoPack.Path]);
        Assert.True(text.ExitCode == 0, text.Errors);
        Assert.StartsWith(ImportedDemoPack.Path, text.Output, StringComparison.Ordinal);
        Assert.All(new[] { "face 128 px", "unet", "vae_decoder", "source unet: latentsync_unet.pt" }, part => Assert.Contains(part, text.Output, StringComparison.Ordinal));

        CliResult json = await _bench.RunAsync(["models", "inspect", ImportedDemoPack.Path, "--json"]);
        JsonElement result = Assert.Single(json.Events);
        Assert.Equal("result", result.GetProperty("event").GetString());
        JsonElement unet = Assert.Single(result.GetProperty("manifest").GetProperty("components").EnumerateArray(), c => c.GetProperty("name").GetString() == "unet");
        Assert.Equal(["step", "step", "chunk"], unet.GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("changes").GetString()));

        // A narrow table breaks lines between words.
        string words = string.Join(' ', text.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.All(new[] { "each step", "channels 4-12" }, part => Assert.Contains(part, words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("inspect")]
    [InlineData("verify")]
    public async Task InspectOrVerify_NoPack_NamesTheFolderAndTheFix(string command) =>
        await _bench.RefusesAsync(Model, ["models", command, _bench["absent"]], "absent", "models import");

    [Fact]
    public async Task Verify_SoundPack_SaysIntact()
    {
        CliResult result = await _bench.RunAsync(["models", "verify", ImportedDemoPack.Path]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal($"{ImportedDemoPack.Path}: intact", result.Output.TrimEnd());
    }

    [Fact]
    public async Task Verify_DamagedAndMissingFiles_NamesEach()
    {
        DemoImport.Copy(ImportedDemoPack.Path, Pack);
        string damaged = Path.Combine(Pack, "faces", "landmarks.onnx");
        byte[] bytes = File.ReadAllBytes(damaged);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(damaged, bytes);
        File.Delete(Path.Combine(Pack, "whisper", "whisper.onnx"));

        CliResult result = await _bench.RunAsync(["models", "verify", Pack, "--json"]);

        Assert.Equal(Model, result.ExitCode);
        string[] lines = result.Errors.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.StartsWith("latentsync: ", line, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("whisper.onnx", StringComparison.Ordinal) && line.Contains("missing", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("landmarks.onnx", StringComparison.Ordinal) && line.Contains("SHA-256", StringComparison.Ordinal));
        JsonElement last = result.Events[^1];
        Assert.False(last.GetProperty("intact").GetBoolean());
        Assert.Equal(2, last.GetProperty("mismatches").GetArrayLength());
    }

    private string[] Import(string checkpoints) => ["models", "import", "--checkpoints", checkpoints, "--config", DemoImport.Config, "--out", Pack];

    // Between a zip file's parts and its directory, whose place is told by three numbers at the end (PKWARE APPNOTE 4.3).
    private static void InsertHole(string path, long length)
    {
        const int end64 = 56, locator = 20, end = 22;
        byte[] bytes = File.ReadAllBytes(path);
        Span<byte> tail = bytes.AsSpan(bytes.Length - end64 - locator - end);
        Assert.Equal(0x06064b50u, BinaryPrimitives.ReadUInt32LittleEndian(tail));
        long directory = BinaryPrimitives.ReadInt64LittleEndian(tail[48..]);
        BinaryPrimitives.WriteInt64LittleEndian(tail[48..], directory + length);
        Span<byte> place = tail[(end64 + 8)..];
        BinaryPrimitives.WriteInt64LittleEndian(place, BinaryPrimitives.ReadInt64LittleEndian(place) + length);
        using FileStream file = new(path, FileMode.Create);
        file.Write(bytes.AsSpan(0, (int)directory));
        file.Seek(length, SeekOrigin.Current);
        file.Write(bytes.AsSpan((int)directory));
    }
}
