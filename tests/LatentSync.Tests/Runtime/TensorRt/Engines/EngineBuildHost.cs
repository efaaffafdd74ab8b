using LatentSync.Runtime;
using LatentSync.Runtime.TensorRt.Engines;
using LatentSync.Tests.TensorRtDouble;

namespace LatentSync.Tests.Runtime.TensorRt.Engines;

/// <summary>
/// A second process for tests: <c>dotnet LatentSync.Tests.dll CACHE MODEL</c> builds an engine with the fake builder. It says where it is, a word a line, and
/// at each of these places waits for a line. <c>dotnet LatentSync.Tests.dll scenario NAME ...</c> is <see cref="DoubleScenario"/>.
/// </summary>
internal static class EngineBuildHost
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is [DoubleScenario.Verb, .. string[] scenario])
        {
            return await DoubleScenario.RunAsync(scenario);
        }

        if (arguments.Length != 2)
        {
            await Console.Error.WriteLineAsync("run the tests with 'dotnet test'");
            return 2;
        }

        FakePlanBuilder plans = new() { OnBuild = () => Stop("building"), OnRead = () => Stop("writing"), OnMerge = () => Stop("merging") };
        EngineBuilder builder = new(new EngineCache(arguments[0]), plans);
        EngineBuildResult result = await builder.BuildAsync(Request(arguments[1]), new Waiting());
        Say(result.Outcome.ToString());
        return 0;
    }

    public static EngineBuildRequest Request(string model, FakePreparation? preparation = null) => new()
    {
        Network = "unet",
        ModelPath = model,
        Preparation = preparation ?? new FakePreparation(),
        Precision = EnginePrecision.Fp16,
        Profiles = EngineCase.Profiles,
    };

    private static void Stop(string place)
    {
        Say(place);
        Console.In.ReadLine();
    }

    private static void Say(string word)
    {
        Console.Out.WriteLine(word);
        Console.Out.Flush();
    }

    private sealed class Waiting : IProgress<EngineBuildProgress>
    {
        public void Report(EngineBuildProgress value)
        {
            if (value.Stage == EngineBuildStage.Waiting)
            {
                Say("waiting");
            }
        }
    }
}
