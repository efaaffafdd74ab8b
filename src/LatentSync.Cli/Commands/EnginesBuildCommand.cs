using System.CommandLine;
using System.Diagnostics;
using LatentSync.Cli.Output;
using LatentSync.Models.Packs;
using LatentSync.Models.Rewrites;
using LatentSync.Pipeline;
using LatentSync.Runtime;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync engines build</c>: a model pack in, TensorRT engines for this machine's GPU out.</summary>
internal static class EnginesBuildCommand
{
    private const long BytesPerMebibyte = 1 << 20;
    private const int MostChunks = 64;

    private static readonly Option<string?> s_models = new("--models")
    {
        Description = $"Model pack made by 'latentsync models import' [default: ${PackLocation.Variable}, else {PackLocation.Default}]",
        HelpName = "pack",
    };

    private static readonly Option<string> s_precision = CommonOptions.Choice(
        "--precision", "Arithmetic; int8 and fp8 need a pack with a quantized UNet, whose VAE is built in fp16 if it is not quantized", "fp16", [.. Enum.GetNames<EnginePrecision>().Select(name => name.ToLowerInvariant())]);

    private static readonly Option<string[]> s_networks = new("--network")
    {
        Description = $"Networks to build: {string.Join(", ", PackEngineOptions.All)} [default: all]",
        HelpName = "name",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<bool> s_rewrites = new("--rewrites") { Description = "Build the UNet rewritten, as networks that run once a job, once a chunk and in each step; such engines go before the plain ones" };
    private static readonly Option<double> s_guidance = CommonOptions.Number("--guidance", "With --rewrites, the jobs' guidance scale: engines for scales above 1 do not serve 1, nor the other way round", 1.5, 1, 10);
    private static readonly Option<int?> s_cacheBranch = CommonOptions.OptionalInteger("--cache-branch", "Build the UNet for step caching, cut at this skip connection, 0 is the cheapest; it serves every --cache-interval above 1 [default: for none]");
    private static readonly Option<int> s_min = CommonOptions.Integer("--min-chunks", "Least chunks that the UNet takes at once", 1, 1, MostChunks);
    private static readonly Option<int> s_opt = CommonOptions.Integer("--opt-chunks", "Chunks at once that it is made fast for", 1, 1, MostChunks);
    private static readonly Option<int> s_max = CommonOptions.Integer("--max-chunks", "Most chunks that it takes at once", 1, 1, MostChunks);
    private static readonly Option<int?> s_resolution = CommonOptions.OptionalInteger("--resolution", "Side of the aligned face in pixels, a multiple of 64 [default: the pack's]");
    private static readonly Option<long> s_workspace = Workspace();
    private static readonly Option<int> s_level = Also(
        CommonOptions.Integer("--optimization-level", "How hard TensorRT looks for fast kernels, -1 takes its default", -1, -1, 5), "--builderOptimizationLevel");

    private static readonly Option<int> s_streams = Also(CommonOptions.Integer("--max-aux-streams", "Streams the engine may use beside its own, -1 takes TensorRT's default", -1, -1, 64), "--maxAuxStreams");
    private static readonly Option<string?> s_timing = Also(
        new Option<string?>("--timing-cache") { Description = "File of measurements to use and add to [default: one beside the engines]", HelpName = "path" }, "--timingCacheFile");

    private static readonly Option<int> s_device = CommonOptions.Integer("--device", "The GPU, by the driver's number", 0, 0, 1023);
    private static readonly Option<bool> s_refittable = new("--refittable") { Description = "Let the engines take other checkpoints' weights, with --refit" };
    private static readonly Option<bool> s_refit = new("--refit") { Description = "Put the pack's weights into refittable engines of the same graphs, in place of a build" };
    private static readonly Option<bool> s_streaming = Also(new Option<bool>("--weight-streaming") { Description = "Let weights stay in host memory, for small GPUs; slower, and without CUDA graphs" }, "--allowWeightStreaming");
    private static readonly Option<bool> s_tf32 = new("--tf32") { Description = "Let float32 products be computed in TF32: faster, 10-bit mantissas" };
    private static readonly Option<bool> s_rebuild = new("--rebuild") { Description = "Build engines even if they are there" };
    private static readonly Option<string?> s_folder = EnginesCommand.Folder();
    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        Command command = new("build", "Build TensorRT engines of a model pack for a GPU of this machine")
        {
            s_models, s_precision, s_networks, s_rewrites, s_guidance, s_cacheBranch, s_min, s_opt, s_max, s_resolution, s_workspace, s_level, s_streams, s_timing, s_device,
            s_refittable, s_refit, s_streaming, s_tf32, s_rebuild, s_folder, s_json,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        bool json = arguments.GetValue(s_json);
        ModelPack pack = ModelPack.Open(PackLocation.Resolve(arguments.GetValue(s_models)));
        IReadOnlyList<EngineBuildRequest> requests = PackEngines.Requests(pack, Options(arguments));
        using EngineToolchain toolchain = EngineToolchain.Open(arguments.GetValue(s_device));
        EngineBuilder builder = new(new EngineCache(arguments.GetValue(s_folder)), toolchain.PlanBuilder);
        List<(EngineBuildResult Result, TimeSpan Elapsed)> built = [];
        try
        {
            using IProgressDisplay display = ProgressDisplay.Create(json);
            foreach (EngineBuildRequest request in requests)
            {
                EngineProgressView view = new(display, built.Count, requests.Count);
                long start = Stopwatch.GetTimestamp();
                EngineBuildResult result = await builder.BuildAsync(request, view, view.Note, cancellationToken).ConfigureAwait(false);
                built.Add((result, Stopwatch.GetElapsedTime(start)));
            }
        }
        catch (OperationCanceledException) when (built.Exists(engine => engine.Result.Outcome != EngineBuildOutcome.Reused))
        {
            throw new PartlyCancelledException("the engines that were made before stay, and the next build takes them");
        }
        finally
        {
            // Those that were made stay, whatever became of the others.
            foreach ((EngineBuildResult result, TimeSpan elapsed) in built)
            {
                Print(result, elapsed, json);
            }
        }

        return ExitCodes.Success;
    }

    private static PackEngineOptions Options(ParseResult arguments)
    {
        string[] networks = arguments.GetValue(s_networks) ?? [];
        return new PackEngineOptions
        {
            Networks = networks.Length > 0 ? networks : PackEngineOptions.All,
            UNet = UNetEngineForm.Of(
                arguments.GetValue(s_rewrites) ? UNetEngineForm.Rewrites : UNetRewrites.None, arguments.GetValue(s_guidance) > 1, arguments.GetValue(s_cacheBranch)),
            Precision = Enum.Parse<EnginePrecision>(arguments.GetRequiredValue(s_precision), ignoreCase: true),
            Chunks = Chunks(arguments),
            Resolution = arguments.GetValue(s_resolution),
            Flags = Flag(s_refittable, EngineFlags.Refittable) | Flag(s_streaming, EngineFlags.WeightStreaming) | Flag(s_tf32, EngineFlags.Tf32),
            Tuning = new EngineTuning(arguments.GetValue(s_level), arguments.GetValue(s_workspace) * BytesPerMebibyte, arguments.GetValue(s_streams)),
            TimingCachePath = arguments.GetValue(s_timing),
            Refit = arguments.GetValue(s_refit),
            Rebuild = arguments.GetValue(s_rebuild),
        };

        EngineFlags Flag(Option<bool> option, EngineFlags flag) => arguments.GetValue(option) ? flag : EngineFlags.None;
    }

    // A greater minimum or optimum raises what was left at its default above it.
    private static ExtentRange Chunks(ParseResult arguments)
    {
        int min = arguments.GetValue(s_min);
        int opt = arguments.GetResult(s_opt) is { Implicit: false } ? arguments.GetValue(s_opt) : min;
        int max = arguments.GetResult(s_max) is { Implicit: false } ? arguments.GetValue(s_max) : opt;
        ExtentRange chunks = new(min, opt, max);
        chunks.Check("--min-chunks, --opt-chunks, --max-chunks");
        return chunks;
    }

    // As trtexec writes it too: --memPoolSize=workspace:2048.
    private static Option<long> Workspace()
    {
        const string Pool = "workspace:";
        Option<long> option = CommonOptions.Parsed(
            "--workspace", "Most MiB of scratch memory that a layer may use, 0 takes TensorRT's default", "a whole number of MiB",
            (string text, out long value) => long.TryParse(
                text.StartsWith(Pool, StringComparison.Ordinal) ? text[Pool.Length..] : text,
                System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out value) && value <= 1 << 24);
        return Also(option, "--memPoolSize");
    }

    // trtexec's spelling, for those who have it in their fingers.
    private static T Also<T>(T option, string alias)
        where T : Option
    {
        option.Aliases.Add(alias);
        return option;
    }

    private static void Print(EngineBuildResult result, TimeSpan elapsed, bool json)
    {
        EngineFile file = result.File;
        string outcome = result.Outcome.ToString().ToLowerInvariant();
        if (json)
        {
            JsonLines.Write(new
            {
                @event = "engine",
                network = file.Header.Network,
                outcome,
                path = file.Path,
                key = file.Key.Text,
                planSizeInBytes = file.PlanSizeInBytes,
                seconds = Math.Round(elapsed.TotalSeconds, 3),
            });
            return;
        }

        Console.Out.WriteLine($"{file.Path}: {EnginesCommand.Describe(file.Header)}; {outcome} in {elapsed.TotalSeconds:0.0} s, {file.PlanSizeInBytes / 1e6:0.0} MB");
    }
}
