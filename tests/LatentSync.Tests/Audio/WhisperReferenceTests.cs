using System.Globalization;
using LatentSync.Audio;
using LatentSync.Models.Checkpoints;
using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Audio;

/// <summary>From a recording and a Whisper checkpoint to features and windows, against the original's.</summary>
public class WhisperReferenceTests
{
    /// <summary>The references' tolerance for audio: a share of the reference's standard deviation.</summary>
    private const double Tolerance = 2e-4;

    public static IEnumerable<object[]> Cases => Goldens.Files("audio", "*.safetensors");

    public static IEnumerable<object[]> PipelineCases => Goldens.Folders("pipeline", "trace.safetensors");

    [SkippableTheory, MemberData(nameof(Cases))]
    public async Task Extract_ReferenceRecording_EqualsOriginal(string name)
    {
        using AudioCase golden = AudioCase.Open(name);
        using AudioFeatures features = await ExtractAsync(golden.Recording, golden.Checkpoint, golden.Folder);
        Assert.Equal(golden.Number("feature_rows"), features.RowCount);

        Tensor expected = golden.File.Read("features");
        Tensor actual = Tensor.Zeros(expected.Shape);
        features.CopyRows(golden.FirstRow, actual.Span);
        Tolerances.AssertWithinStandardDeviations(expected, actual, Tolerance, $"{name} features");

        const string Windows = "windows.";
        foreach (string key in golden.File.Tensors.Keys.Where(key => key.StartsWith(Windows, StringComparison.Ordinal)))
        {
            string rate = key[Windows.Length..];
            double fps = double.Parse(rate, CultureInfo.InvariantCulture);
            Assert.Equal(golden.Number("windows_total." + rate), features.FrameCount(fps));
            double[] frames = golden.File.ReadDoubles("window_frames." + rate);
            Tensor expectedWindows = golden.File.Read(key);
            Tolerances.AssertWithinStandardDeviations(
                expectedWindows, CopyWindows(features, [.. frames.Select(frame => (long)frame)], fps), Tolerance, $"{name} windows at {rate}");
        }
    }

    [SkippableTheory, MemberData(nameof(PipelineCases))]
    public async Task Extract_PipelineSpeech_GivesTheTracesWindows(string name)
    {
        string folder = Goldens.Case("pipeline", name);
        using GoldenFile trace = new(Path.Combine(folder, "trace.safetensors"));
        Skip.IfNot(trace.Has("windows"), "the trace keeps no windows");
        using TemporaryFolder temporary = new();
        string checkpoint = Directory.GetFiles(Path.Combine(Goldens.DemoPack, "checkpoints", "whisper"), "*.pt").Single();
        using AudioFeatures features = await ExtractAsync(Path.Combine(Path.GetDirectoryName(folder)!, trace.Metadata("speech")), checkpoint, temporary);
        Tensor expected = trace.Read("windows");
        Assert.Equal(expected.Shape[0], features.FrameCount(25));
        Tensor actual = CopyWindows(features, [.. Enumerable.Range(0, (int)expected.Shape[0]).Select(frame => (long)frame)], 25);
        Tolerances.AssertWithinStandardDeviations(expected, actual, Tolerance, $"{name} windows");
    }

    private static async Task<AudioFeatures> ExtractAsync(string recording, string checkpointPath, TemporaryFolder folder)
    {
        string graph = folder.File("whisper.onnx");
        using (ICheckpoint checkpoint = CheckpointReader.Open(checkpointPath))
        {
            OnnxModelWriter.Write(WhisperGraphBuilder.Build(WhisperConfig.FromCheckpoint(checkpoint), checkpoint), graph);
        }

        using OnnxRuntimeEngine engine = OnnxRuntimeEngine.Load(graph, new OnnxRuntimeOptions { IntraOpThreads = 2, AllowSpinning = false });
        return await AudioFeatureExtractor.ExtractAsync(recording, engine, new AudioFeatureOptions { TemporaryFolder = folder.Path });
    }

    private static Tensor CopyWindows(AudioFeatures features, long[] frames, double fps)
    {
        Tensor windows = Tensor.Zeros(frames.Length, features.WindowRows, features.State);
        for (int i = 0; i < frames.Length; i++)
        {
            features.CopyWindow(frames[i], fps, windows.Span.Slice(i * features.WindowLength, features.WindowLength));
        }

        return windows;
    }
}
