using LatentSync.Denoising;
using LatentSync.Runtime;

namespace LatentSync.Tests.Denoising;

public sealed class UNetRolesTests
{
    private static readonly TensorContract
        Sample = new("sample", "float", [-1, 13, -1, -1, -1]) { Changes = InputChange.Step, ChunkChannels = [4, 13] },
        NoisyLatents = new("noisy", "float", [-1, 4, -1, -1, -1]) { Changes = InputChange.Step },
        Conditioning = new("conditioning", "float", [-1, 9, -1, -1, -1]) { Changes = InputChange.Chunk },
        Timestep = new("timestep", "float", [1]) { Changes = InputChange.Step },
        Speech = new("speech", "float", [-1, -1, 96]) { Changes = InputChange.Chunk },
        Output = new("prediction", "float", [-1, 4, -1, -1, -1]);

    [Fact]
    public void Of_OneInputForBoth_DividesItsChannels()
    {
        UNetRoles roles = UNetRoles.Of([Sample, Timestep, Speech], [Output], 4);
        Assert.Equal(new UNetPlace("sample", 13, 0, 4), roles.NoisyLatents);
        Assert.Equal(new UNetPlace("sample", 13, 4, 9), roles.Conditioning);
        Assert.Equal(("speech", "timestep", "prediction"), (roles.Speech, roles.Timestep, roles.Output));
    }

    [Fact]
    public void Of_AnInputForEach_TakesThemByTheirMarks()
    {
        UNetRoles roles = UNetRoles.Of([Speech, Conditioning, NoisyLatents, Timestep], [Output], 4);
        Assert.Equal(new UNetPlace("noisy", 4, 0, 4), roles.NoisyLatents);
        Assert.Equal(new UNetPlace("conditioning", 9, 0, 9), roles.Conditioning);
    }

    public static TheoryData<string, string, int> Refused => new()
    {
        { "unmarked", "'sample' [-1,13,-1,-1,-1] is none", 4 },
        { "time table", "'time_table' [1,640] each step is none", 4 },
        { "job", "'speech' [-1,-1,96] each job is none", 4 },
        { "no conditioning", "9 channels of conditioning", 4 },
        { "two timesteps", "a timestep each step", 4 },
        { "conditioning first", "4 noisy channels in front", 4 },
        { "plain", "8 noisy channels in front", 8 },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Of_InputsThatTheLoopDoesNotWrite_NamesThem(string which, string named, int channels)
    {
        TensorContract[] inputs = which switch
        {
            "unmarked" => [Sample with { Changes = null }, Timestep, Speech],
            "time table" => [Sample, new("time_table", "float", [1, 640]) { Changes = InputChange.Step }, Speech],
            "job" => [Sample, Timestep, Speech with { Changes = InputChange.Job }],
            "no conditioning" => [NoisyLatents, Timestep, Speech],
            "two timesteps" => [Sample, Timestep, Timestep with { Name = "again" }, Speech],
            "conditioning first" => [Sample with { ChunkChannels = [0, 9] }, Timestep, Speech],
            _ => [Sample, Timestep, Speech],
        };
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => UNetRoles.Of(inputs, [Output], channels));
        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }
}
