using LatentSync.Runtime;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Tests.Runtime.TensorRt.Engines;

public sealed class EngineKeyTests
{
    private static readonly EngineIdentity Base = EngineCase.Identity;

    public static TheoryData<string> Changes => [.. Changed.Keys];

    private static Dictionary<string, Func<EngineIdentity, EngineIdentity>> Changed { get; } = new()
    {
        ["weights"] = i => i with { Graph = i.Graph with { Content = new string('c', 64) } },
        ["precision"] = i => i with { Precision = EnginePrecision.Fp32 },
        ["preparation"] = i => i with { Preparation = "rules 2" },
        ["TensorRT"] = i => i with { Target = i.Target with { TensorRt = new Version(10, 16, 2) } },
        ["GPU"] = i => i with { Target = i.Target with { Gpu = "another" } },
        ["compute capability"] = i => i with { Target = i.Target with { ComputeCapability = new Version(8, 9) } },
        ["driver"] = i => i with { Target = i.Target with { Driver = new Version(12, 5) } },
        ["driver's release"] = i => i with { Target = i.Target with { DriverRelease = "550.54.16" } },
        ["refittable"] = i => i with { Flags = EngineFlags.Refittable },
        ["weight streaming"] = i => i with { Flags = EngineFlags.WeightStreaming },
        ["TF32"] = i => i with { Flags = EngineFlags.Tf32 },
        ["fewer profiles"] = i => i with { Profiles = [i.Profiles[0]] },
        ["order of profiles"] = i => i with { Profiles = [i.Profiles[1], i.Profiles[0]] },
        ["input"] = i => WithShape(i, s => s with { Input = "other" }),
        ["min"] = i => WithShape(i, s => s with { Min = [2, 4] }),
        ["opt"] = i => WithShape(i, s => s with { Opt = [1, 4] }),
        ["max"] = i => WithShape(i, s => s with { Max = [2, 8] }),
        ["input moved to the next profile"] = i => i with { Profiles = [new([]), new([.. i.Profiles[0].Shapes, .. i.Profiles[1].Shapes])] },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Of_OneThingChanged_IsAnotherKey(string what) =>
        Assert.NotEqual(EngineKey.Of(Base), EngineKey.Of(Changed[what](Base)));

    [Fact]
    public void Of_AllChanges_AreDifferentKeys() =>
        Assert.Equal(Changed.Count, Changed.Values.Select(change => EngineKey.Of(change(Base))).Distinct().Count());

    [Fact]
    public void Of_SameThings_IsTheSameKey()
    {
        EngineIdentity copy = Base with { Profiles = [.. Base.Profiles.Select(p => new EngineProfile([.. p.Shapes.Select(s => s with { Min = [.. s.Min] })]))] };
        Assert.Equal(EngineKey.Of(Base), EngineKey.Of(copy));
        Assert.Matches("^[0-9a-f]{64}$", EngineKey.Of(Base).Text);
    }

    [Fact]
    public void Of_Refittable_HangsOnTheStructureOnly()
    {
        EngineIdentity refittable = Base with { Flags = EngineFlags.Refittable };
        Assert.Equal(EngineKey.Of(refittable), EngineKey.Of(Changed["weights"](refittable)));
        Assert.NotEqual(EngineKey.Of(refittable), EngineKey.Of(refittable with { Graph = refittable.Graph with { Structure = new string('d', 64) } }));
    }

    private static EngineIdentity WithShape(EngineIdentity identity, Func<ProfileShape, ProfileShape> change) =>
        identity with { Profiles = [new([change(identity.Profiles[0].Shapes[0])]), identity.Profiles[1]] };
}
