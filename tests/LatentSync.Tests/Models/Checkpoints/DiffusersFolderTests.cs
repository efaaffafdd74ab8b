using System.Text;
using System.Text.Json;
using LatentSync.Models.Checkpoints;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Checkpoints;

/// <summary>Model folders: attention names of both ages, shards, and what is wrong with a folder.</summary>
public sealed class DiffusersFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static IEnumerable<object[]> Cases() => Goldens.Folders("vae", "config.json");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Open_ReferenceFolder_HasTodaysNames(string name)
    {
        using ICheckpoint checkpoint = CheckpointReader.Open(Goldens.Case("vae", name));
        DiffusersFolder folder = Assert.IsType<DiffusersFolder>(checkpoint);
        Assert.Equal(JsonValueKind.Object, folder.Config.ValueKind);
        foreach (string part in new[] { "encoder", "decoder" })
        {
            foreach (string projection in new[] { "to_q", "to_k", "to_v", "to_out.0" })
            {
                Assert.Contains($"{part}.mid_block.attentions.0.{projection}.weight", checkpoint.Tensors.Keys);
            }
        }

        Assert.DoesNotContain(checkpoint.Tensors.Keys, key => key.Contains("proj_attn", StringComparison.Ordinal));
        Assert.All(checkpoint.Tensors, pair => Assert.Equal(pair.Key, pair.Value.Name));
        Assert.All(checkpoint.Files, file => Assert.True(File.Exists(file)));
        Assert.Equal(2, checkpoint.Files.Count);
    }

    [Fact]
    public void Read_OldName_GivesThatTensor()
    {
        _folder.Write("config.json", "{}"u8.ToArray());
        WriteSafetensors("diffusion_pytorch_model.safetensors", ("mid_block.attentions.0.proj_attn.weight", 3), ("other.key.weight", 4));
        using DiffusersFolder folder = DiffusersFolder.Open(_folder.Path);
        Assert.Equal(["mid_block.attentions.0.to_out.0.weight", "other.key.weight"], folder.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(3, ReadOne(folder, "mid_block.attentions.0.to_out.0.weight"));
        Assert.Throws<LatentSyncException>(() => ReadOne(folder, "mid_block.attentions.0.proj_attn.weight"));
    }

    [Fact]
    public void Open_Shards_ReadAsOne()
    {
        _folder.Write("config.json", "{}"u8.ToArray());
        WriteSafetensors("part-1.safetensors", ("a", 1));
        WriteSafetensors("part-2.safetensors", ("b", 2), ("not listed", 9));
        WriteIndex("""{"weight_map":{"a":"part-1.safetensors","b":"part-2.safetensors"}}""");
        using ICheckpoint checkpoint = CheckpointReader.Open(_folder.Path);
        Assert.Equal(["a", "b"], checkpoint.Tensors.Keys);
        Assert.Equal(1, ReadOne(checkpoint, "a"));
        Assert.Equal(2, ReadOne(checkpoint, "b"));
        Assert.Equal(4, checkpoint.Files.Count);
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"../part-1.safetensors"}}""", "no file beside it")]
    [InlineData("""{"weight_map":{"a":"/etc/passwd"}}""", "no file beside it")]
    [InlineData("""{"weight_map":{"a":3}}""", "no file beside it")]
    [InlineData("""{"weight_map":{"a":"part-3.safetensors"}}""", "no such file")]
    [InlineData("""{"weight_map":{"c":"part-1.safetensors"}}""", "no tensor 'c'")]
    [InlineData("""{"weight_map":[]}""", "weight_map")]
    [InlineData("""{"weight_map":""", "not valid JSON")]
    [InlineData("[]", "no JSON object")]
    public void Open_BadIndex_IsRefused(string index, string reason)
    {
        _folder.Write("config.json", "{}"u8.ToArray());
        WriteSafetensors("part-1.safetensors", ("a", 1));
        WriteIndex(index);
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => CheckpointReader.Open(_folder.Path));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FolderLacksAFile_NamesIt()
    {
        Assert.Contains("config.json", Assert.Throws<LatentSyncException>(() => CheckpointReader.Open(_folder.Path)).Message, StringComparison.Ordinal);
        _folder.Write("config.json", "{}"u8.ToArray());
        Assert.Contains("diffusion_pytorch_model", Assert.Throws<LatentSyncException>(() => CheckpointReader.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    private static float ReadOne(ICheckpoint checkpoint, string name)
    {
        float[] value = new float[1];
        checkpoint.ReadFloat32(name, 0, value);
        return value[0];
    }

    private void WriteIndex(string json) => _folder.Write("diffusion_pytorch_model.safetensors.index.json", Encoding.UTF8.GetBytes(json));

    private void WriteSafetensors(string file, params (string Name, float Value)[] tensors)
    {
        string header = $"{{{string.Join(',', tensors.Select((t, i) => $"\"{t.Name}\":{{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[{4 * i},{(4 * i) + 4}]}}"))}}}";
        byte[] json = Encoding.UTF8.GetBytes(header);
        _folder.Write(file, [.. BitConverter.GetBytes((long)json.Length), .. json, .. tensors.SelectMany(t => BitConverter.GetBytes(t.Value))]);
    }
}
