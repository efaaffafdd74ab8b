using LatentSync.Models.Packs;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Packs;

public sealed class ImportPlanTests
{
    // A checkpoint that cannot be read would be told if it were opened.
    [Fact]
    public void Prepare_Cancelled_OpensNoCheckpoint()
    {
        using TemporaryFolder folder = new();
        string checkpoints = DemoImport.CopyCheckpoints(folder);
        File.WriteAllText(Path.Combine(checkpoints, "latentsync_unet.pt"), "no checkpoint");
        using CancellationTokenSource cancel = new();
        cancel.Cancel();

        Assert.Throws<OperationCanceledException>(() =>
            ImportPlan.Prepare(DemoImport.Options(folder) with { CheckpointsPath = checkpoints }, cancel.Token));
    }
}
