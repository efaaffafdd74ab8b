namespace LatentSync.Tests.TensorRtDouble;

/// <summary>
/// TensorRT's path from the command line to the frames, on the doubles of the driver and of TensorRT with ONNX Runtime for the arithmetic. What is not tested
/// here is TensorRT itself. Each runs in a process of its own, see <see cref="DoubleScenario"/>; the two major versions share them, for the PTX is interpreted
/// and that takes its time.
/// </summary>
public sealed class TensorRtPathTests
{
    [SkippableFact]
    public Task Job_Fp32EnginesOfTensorRt11_GivesOnnxRuntimesLatentsAndPixels() => DoubleScenario.RunAsync(11, JobScenarios.RunsAsOnnxRuntimeDoes);

    [SkippableFact]
    public Task Job_WholeAndShortChunkOnTensorRt10_CapturesEachOnceAndGivesOnnxRuntimesPixels() => DoubleScenario.RunAsync(10, JobScenarios.RunsWholeAndShortChunks);

    [SkippableFact]
    public Task Job_Fp16Engines_StaysCloseToFp32() => DoubleScenario.RunAsync(10, JobScenarios.RunsInHalfPrecision);

    [SkippableFact]
    public Task Job_RefittedEngines_GivesTheOtherCheckpointsPixels() => DoubleScenario.RunAsync(11, JobScenarios.RunsRefittedEngines);

    [SkippableFact]
    public Task Job_TensorRtWarns_IsInTheReportOnceAndAllIsInTheHostsLog() => DoubleScenario.RunAsync(11, JobScenarios.TellsWhatTensorRtSays);

    [SkippableFact]
    public Task Job_WeightBudget_TakesAStreamingUNetAndGivesTheSamePixels() => DoubleScenario.RunAsync(11, JobScenarios.StreamsTheUNetsWeights);

    [SkippableFact]
    public Task Network_BehindTheEnginesInterface_HasOnnxRuntimesContractsAndResults() => DoubleScenario.RunAsync(10, NetworkScenarios.RunsOneNetworkAsOnnxRuntimeDoes);

    [SkippableFact]
    public Task Network_Cancelled_EndsBeforeOrAfterARun() => DoubleScenario.RunAsync(11, NetworkScenarios.HonoursCancellation);

    [SkippableFact]
    public Task Choose_SomethingMissing_TakesOnnxRuntimeAndSaysWhy() => DoubleScenario.RunAsync(10, ChoiceScenarios.SaysWhyNotTensorRt);

    [SkippableFact]
    public Task Choose_DamagedEngine_IsRefusedAndReplacedByABuild() => DoubleScenario.RunAsync(11, ChoiceScenarios.RefusesDamagedEngines);

    [SkippableFact]
    public Task Build_CancelledBetweenNetworks_KeepsWhatIsThereAndSaysSo() => DoubleScenario.RunAsync(11, ChoiceScenarios.BuildCancelledBetweenNetworks);

    [SkippableFact]
    public Task Job_RewrittenUNetWithStepCaching_GivesOnnxRuntimesLatentsAndPixels() => DoubleScenario.RunAsync(11, ProgramScenarios.RunsRewrittenAndCached);

    [SkippableFact]
    public Task Job_RewrittenUNetAtFp16_StaysCloseToFp32() => DoubleScenario.RunAsync(10, ProgramScenarios.RunsRewrittenInHalfPrecision);

    [SkippableFact]
    public Task Choose_FormOfTheUNetWithoutEngines_NamesTheBuild() => DoubleScenario.RunAsync(11, ProgramScenarios.NeedsItsOwnEngines);
}
