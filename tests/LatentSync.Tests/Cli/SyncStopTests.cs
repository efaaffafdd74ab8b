using LatentSync.Tests.Models.Packs;
using LatentSync.Tests.Support;
using LatentSync.Tests.Video;

namespace LatentSync.Tests.Cli;

/// <summary>Jobs that are stopped, by the user or by a dying ffmpeg, while a stage is at work.</summary>
public sealed class SyncStopTests : IDisposable
{
    private const int Interrupt = 2, Kill = 9, Terminate = 15, Continue = 18, Stop = 19;
    private const int Media = 3, Output = 5, Cancelled = 130;

    private readonly SyncBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [SkippableTheory]
    [InlineData("audio", Interrupt)]
    [InlineData("denoising", Interrupt)]
    [InlineData("videoEncode", Terminate)]
    public async Task Sync_Signalled_StopsAndLeavesNothing(string stage, int signal)
    {
        using CliProcess job = await StartAsync(stage);
        job.Signal(signal);
        CheckStopped(Cancelled, await job.FinishAsync(), "cancelled");
    }

    // A terminal's Ctrl-C reaches ffmpeg too, perhaps before this process has seen its own: that must not pass for a failure of ffmpeg.
    [SkippableFact]
    public async Task Sync_SignalReachesFfmpegFirst_CountsAsCancelled()
    {
        using CliProcess job = await StartAsync("videoEncode");
        Assert.All(RunningFfmpeg.On(_bench.Folder), id => CliProcess.Signal(Interrupt, id));
        job.Signal(Interrupt);
        CheckStopped(Cancelled, await job.FinishAsync(), "cancelled");
    }

    [SkippableFact]
    public async Task Sync_SignalledWhileTheEncoderHangs_StopsAndLeavesNothing()
    {
        using CliProcess job = await StartAsync("videoEncode");
        Assert.All(RunningFfmpeg.On(_bench["out/"]), id => CliProcess.Signal(Stop, id));
        job.Signal(Interrupt);
        CheckStopped(Cancelled, await job.FinishAsync(), "cancelled");
    }

    // Two different signals, for two of one kind that wait become one; both are there before the process can look at either.
    [SkippableFact]
    public async Task Sync_SignalledTwice_StopsAsOnce()
    {
        using CliProcess job = await StartAsync("videoEncode");
        foreach (int signal in new[] { Stop, Interrupt, Terminate, Continue })
        {
            job.Signal(signal);
        }

        CheckStopped(Cancelled, await job.FinishAsync(), "cancelled");
    }

    // A network's file that is a pipe: opening it to write waits for the reader, and the reader then waits for bytes that never come.
    [SkippableFact]
    public async Task Sync_SignalledWhileNetworksLoad_StopsAtOnce()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "sends signals");
        string pack = _bench["pack"], network = Path.Combine(pack, "unet", "unet.onnx");
        DemoImport.Copy(ImportedDemoPack.Path, pack);
        long size = new FileInfo(network).Length;
        File.Delete(network);
        _bench.Run("mkfifo", network);
        string manifest = Path.Combine(pack, "manifest.json");
        File.WriteAllText(manifest, System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(manifest), $": {size}(?=\\D)", ": 0"));
        using CliProcess job = _bench.Start([.. _bench.Job(("--models", pack)), "--json"]);
        Task<FileStream> reached = Task.Run(() => new FileStream(network, FileMode.Open, FileAccess.Write, FileShare.ReadWrite));
        Task<CliResult> ended = job.FinishAsync();
        if (await Task.WhenAny(reached, ended) == ended)
        {
            using FileStream release = new(network, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            (await reached).Dispose();
            Assert.Fail($"the job ended before it read the network: {(await ended).Errors}");
        }

        using FileStream open = await reached;
        job.Signal(Interrupt);
        CheckStopped(Cancelled, await ended, "cancelled");
    }

    [SkippableTheory]
    [InlineData("faceless.mp4", Media, "faceless.mp4")]
    [InlineData("out/", Output, "out.mp4")]
    public async Task Sync_FfmpegKilled_NamesTheFile(string inItsArguments, int exitCode, string file)
    {
        using CliProcess job = await StartAsync("videoEncode");
        int[] running = RunningFfmpeg.On(_bench[inItsArguments]);
        Assert.NotEmpty(running);
        Assert.All(running, id => CliProcess.Signal(Kill, id));
        CheckStopped(exitCode, await job.FinishAsync(), file, "killed");
    }

    /// <summary>A job that would take many seconds, once it has reached a stage.</summary>
    private async Task<CliProcess> StartAsync(string stage)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "sends signals, and finds ffmpeg in /proc");
        bool withFace = stage == "denoising";
        string[] arguments = _bench.Job(
            ("--video", withFace ? SyncBench.Presenter : _bench.MakeFaceless("faceless.mp4", 60)),
            ("--audio", _bench.MakeTone("tone.wav", 60)),
            ("--duration", null),
            ("--steps", withFace ? "1000" : "1"));
        CliProcess job = _bench.Start([.. arguments, "--json"]);
        Assert.True(await job.WaitForStageAsync(stage), $"the job ended before its stage {stage}");
        return job;
    }

    private void CheckStopped(int exitCode, CliResult result, params string[] said)
    {
        _bench.CheckRefusal(exitCode, result, said);
        Assert.Empty(_bench.Outputs);
    }
}
