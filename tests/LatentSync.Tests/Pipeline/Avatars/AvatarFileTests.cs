using System.Buffers.Binary;
using System.Security.Cryptography;
using LatentSync.Pipeline.Avatars;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline.Avatars;

/// <summary>Files that are not what they should be are refused in one sentence that names them.</summary>
public sealed class AvatarFileTests(AvatarFileTests.MadeAvatar made) : IClassFixture<AvatarFileTests.MadeAvatar>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_EveryKindOfByteFlipped_IsRefused()
    {
        byte[] whole = made.Bytes;
        Random random = new(20261128);
        // Bytes anywhere, and as many among the few of beginning, table and description.
        int tail = made.Info.FrameCount * AvatarFrame.Size;
        int[] places =
        [
            .. Enumerable.Range(0, 200).Select(_ => random.Next(whole.Length)),
            .. Enumerable.Range(0, 100).Select(_ => random.Next(AvatarPrologue.Size)),
            .. Enumerable.Range(0, 100).Select(_ => whole.Length - 1 - random.Next(tail)),
        ];
        Assert.All(places, place =>
        {
            byte[] damaged = [.. whole];
            damaged[place] ^= (byte)(1 << random.Next(8));
            Refuses(damaged, null);
        });
    }

    [Fact]
    public void Open_CutOffAnywhere_IsRefused()
    {
        Random random = new(7);
        int[] lengths = [0, 1, 8, AvatarPrologue.Size - 1, AvatarPrologue.Size, made.Bytes.Length - 1, .. Enumerable.Range(0, 50).Select(_ => random.Next(made.Bytes.Length))];
        Assert.All(lengths, length => Refuses(made.Bytes[..length], null));
    }

    [Fact]
    public void Open_Lengthened_IsRefused() => Refuses([.. made.Bytes, 0], "bytes");

    [Fact]
    public void Open_AnotherFile_IsRefused() => Refuses(File.ReadAllBytes(AvatarBench.Presenter), "not an avatar");

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Open_AnotherFormatVersion_SaysWhich(int version) => Refuses(Changed(bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), version)), $"version is {version}");

    /// <summary>Sizes that lie, with hashes that fit them: nothing may be allocated for them.</summary>
    [Theory]
    [InlineData(12, -1)]
    [InlineData(12, int.MaxValue)]
    [InlineData(16, 0)]
    [InlineData(16, int.MaxValue)]
    [InlineData(20, -1)]
    [InlineData(20, int.MaxValue)]
    [InlineData(24, int.MaxValue)]
    [InlineData(28, int.MaxValue)]
    public void Open_SizesThatLie_AreRefused(int offset, int value) => Refuses(Changed(bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset), value)), null);

    [Theory]
    [InlineData(0, 99)]
    [InlineData(4, 1000)]
    [InlineData(4, -1)]
    public void Open_FrameEntryThatCannotBe_IsRefused(int offset, int value) => Refuses(
        Changed(bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan((int)Prologue.TableOffset + AvatarFrame.Size + offset), value)), "frame 1");

    [Fact]
    public void Open_TransformWithoutInverse_IsRefused() => Refuses(
        Changed(bytes => bytes.AsSpan((int)Prologue.TableOffset + 8, 6 * sizeof(double)).Clear()), "frame 0");

    [Theory]
    [InlineData("\"resolution\": 64", "\"resolution\": 63")]
    [InlineData("\"resolution\": 64", "\"resolution\": -1")]
    [InlineData("\"frame_rate\": \"25/1\"", "\"frame_rate\": \"25/0\"")]
    [InlineData("\"frame_count\": 10", "\"frame_count\": 11")]
    [InlineData("\"latent_channels\": 4", "\"latent_channels\": 5")]
    [InlineData("\"video_path\"", "\"video_pain\"")]
    [InlineData("\"identity\": {", "\"identity\": [")]
    public void Open_DescriptionThatLies_IsRefused(string text, string changed)
    {
        Assert.Equal(text.Length, changed.Length);
        Refuses(
            Changed(bytes =>
            {
                int place = bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text));
                Assert.True(place > 0, text);
                System.Text.Encoding.UTF8.GetBytes(changed).CopyTo(bytes, place);
            }),
            "description");
    }

    [Fact]
    public void Open_NotThere_SaysHowToMakeIt()
    {
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => AvatarFile.Open(_folder.File("absent.avatar")));
        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.Contains("absent.avatar", error.Message, StringComparison.Ordinal);
        Assert.Throws<LatentSyncException>(() => AvatarFile.Open(_folder.Path));
    }

    /// <summary>Mapped memory past a file's end would end the process.</summary>
    [SkippableFact]
    public void Copy_CutOffWhileInUse_IsAnErrorAndNotACrash()
    {
        Skip.If(OperatingSystem.IsWindows(), "open files cannot be cut off there");
        string path = _folder.File("a.avatar");
        File.WriteAllBytes(path, made.Bytes);
        using AvatarFile file = AvatarFile.Open(path);
        byte[] face = new byte[file.Layout.FaceSize];
        file.Copy(9, 0, face.AsSpan());
        Assert.Contains(face, value => value != 0);

        // The advisory lock of this process's own handle would refuse a second FileStream; other programs know no such lock.
        using (System.Diagnostics.Process truncate = System.Diagnostics.Process.Start("truncate", ["-s", "1000", path]))
        {
            truncate.WaitForExit();
            Assert.Equal(0, truncate.ExitCode);
        }

        LatentSyncException error = Assert.Throws<LatentSyncException>(() => file.Copy(9, 0, face.AsSpan()));
        Assert.Contains("cut short", error.Message, StringComparison.Ordinal);
    }

    private AvatarPrologue Prologue => AvatarPrologue.Parse(made.Bytes, made.Bytes.Length).Prologue;

    /// <summary>The avatar with a change, and hashes that fit it.</summary>
    private byte[] Changed(Action<byte[]> change)
    {
        byte[] bytes = [.. made.Bytes];
        AvatarPrologue prologue = Prologue;
        change(bytes);
        int table = (int)prologue.TableOffset;
        SHA256.HashData(bytes.AsSpan(AvatarPrologue.Size..table)).CopyTo(bytes, 32);
        SHA256.HashData(bytes.AsSpan(table..)).CopyTo(bytes, 64);
        SHA256.HashData(bytes.AsSpan(..96)).CopyTo(bytes, 96);
        return bytes;
    }

    private void Refuses(byte[] bytes, string? said)
    {
        string path = _folder.File("damaged.avatar");
        File.WriteAllBytes(path, bytes);
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => AvatarFile.Open(path));
        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.StartsWith($"'{path}' cannot be used as an avatar: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("latentsync avatar prepare", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Contains(said ?? string.Empty, error.Message, StringComparison.Ordinal);
    }

    /// <summary>One avatar for all tests.</summary>
    public sealed class MadeAvatar : IAsyncLifetime
    {
        public byte[] Bytes { get; private set; } = [];

        public AvatarInfo Info { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            using AvatarBench bench = new();
            Info = (await AvatarBench.MakeAsync(bench.Options("a.avatar"))).Info;
            Bytes = await File.ReadAllBytesAsync(bench["a.avatar"]);
        }

        public Task DisposeAsync() => Task.CompletedTask;
    }
}
