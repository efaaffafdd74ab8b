using System.Text.Json.Nodes;
using LatentSync.Models.Quantization.Calibration;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Quantization.Calibration;

public sealed class StatisticsFileTests
{
    private static readonly string s_fingerprint = new('a', 64);

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        using TemporaryFolder folder = new(" é");
        string path = folder.File("stats.json"), again = folder.File("again.json");
        StatisticsFile.Write(path, Make());
        CalibrationStatistics read = StatisticsFile.Read(path);
        StatisticsFile.Write(again, read);

        Assert.Equal("stats.json", read.Source);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(again));
        Assert.Equal((3, 3f), (read.Networks["unet"].RunCount, read.Networks["unet"].LargestOf("y")));
        Assert.Null(read.Networks["unet"].LargestOf("z"));
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [Theory]
    [InlineData("format", "\"other\"", "another format")]
    [InlineData("version", "2", "version 2")]
    [InlineData("version", "\"1\"", "version")]
    [InlineData("networks.unet.fingerprint", "\"xyz\"", "no network's")]
    [InlineData("networks.unet.runs", "0", "no network's")]
    [InlineData("networks.unet.extra", "1", "extra")]
    [InlineData("networks.unet.values.y.largest", "-1", "'y'")]
    [InlineData("networks.unet.values.y.largest", "1e39", "")]
    [InlineData("networks.unet.values.y.largest", "0.5", "")]
    [InlineData("networks.unet.values.y.largest", "null", "")]
    [InlineData("networks.unet.values.y.counts", "[]", "'y'")]
    [InlineData("networks.unet.values.y.counts", "[-1]", "'y'")]
    [InlineData("networks.unet.values.y.counts", "[0]", "'y'")]
    [InlineData("networks.unet.values.y.counts", "[9223372036854775807]", "'y'")]
    [InlineData("networks.unet.values.y.counts", "[1.5]", "counts")]
    [InlineData("networks.unet.values.y", "null", "'y'")]
    [InlineData("networks.unet", "null", "")]
    public void Read_HostileFile_IsOneErrorThatNamesIt(string key, string value, string named)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("stats.json");
        StatisticsFile.Write(path, Make());
        JsonNode root = JsonNode.Parse(File.ReadAllText(path))!;
        string[] keys = key.Split('.');
        JsonNode parent = keys[..^1].Aggregate(root, (node, part) => node[part]!);
        parent[keys[^1]] = JsonNode.Parse(value);
        File.WriteAllText(path, root.ToJsonString());

        LatentSyncException error = Assert.Throws<LatentSyncException>(() => StatisticsFile.Read(path));

        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Read_TooManyBins_IsRefused()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("stats.json");
        StatisticsFile.Write(path, Make());
        string text = File.ReadAllText(path);
        int start = text.IndexOf("\"counts\":[", StringComparison.Ordinal) + "\"counts\":[".Length;
        File.WriteAllText(path, text.Insert(start, string.Concat(Enumerable.Repeat("1,", 5000))));

        Assert.Contains("impossible numbers", Assert.Throws<LatentSyncException>(() => StatisticsFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("PK\u0003\u0004")]
    public void Read_NoJsonObject_IsRefused(string text)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("stats.json"), text);
        Assert.Equal(LatentSyncError.Model, Assert.Throws<LatentSyncException>(() => StatisticsFile.Read(folder.File("stats.json"))).Error);
    }

    private static CalibrationStatistics Make()
    {
        NetworkStatistics unet = new(s_fingerprint) { RunCount = 3 };
        unet.Of("x").Add([0, 0]);
        unet.Of("y").Add([1, -3, 2.5f]);
        return new CalibrationStatistics(new Dictionary<string, NetworkStatistics> { ["unet"] = unet }, [], "made");
    }
}
