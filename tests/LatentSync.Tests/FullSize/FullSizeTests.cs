using System.Globalization;
using LatentSync.Models.Packs;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.FullSize;

/// <summary>
/// The official networks' real size, from checkpoint to output. Minutes and gigabytes: run by <c>./build.sh test --full-size</c> only, which
/// names the folder to work in by <c>LATENTSYNC_FULL_SIZE</c> and prints the report.
/// </summary>
[Trait("Category", "FullSize")]
public sealed class FullSizeTests
{
    // The project's bound for float32: 2e-4 of the reference's standard deviation.
    private const double Tolerance = 2e-4;

    private const long MostResidentBytes = 1_000_000_000;

    // Reading, hashing and writing five gigabytes cannot take less than copying and hashing them with the system's own tools.
    private const double MostTimesCopyAndHash = 2;

    public static IEnumerable<object[]> Cases
    {
        get
        {
            object[][] rows = [.. FullSizeCase.Sets().Select((set, i) => new object[] { i, string.Join(' ', set.Select(c => c.Name)) })];
            return rows.Length > 0 ? rows : [[0, string.Empty]];
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Import_FullSizeCheckpoint_IsFastSmallAndExact(int index, string files)
    {
        string? work = Environment.GetEnvironmentVariable("LATENTSYNC_FULL_SIZE");
        Skip.If(string.IsNullOrEmpty(work), "takes minutes and 20 GB of disk: run './build.sh test --full-size'");
        Goldens.Case("full-size", files);
        IReadOnlyList<FullSizeCase> set = FullSizeCase.Sets()[index];
        List<string> failures = [];
        string folder = Path.Combine(work!, index.ToString(CultureInfo.InvariantCulture));
        try
        {
            FullSizeCheckpoints checkpoints = new(folder, set);
            ModelPack pack = Import(checkpoints, Path.Combine(folder, "pack"), failures);
            FullSizeComparison comparison = new(pack);
            foreach (FullSizeCase reference in set)
            {
                foreach ((string output, double error) in comparison.Compare(reference))
                {
                    // Written so that a NaN fails.
                    Check(error <= Tolerance, $"{reference.Name} {output}: max abs error {error:0.00e+0} standard deviations, allowed {Tolerance:0e+0}", failures);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
    }

    private static ModelPack Import(FullSizeCheckpoints checkpoints, string packPath, List<string> failures)
    {
        // What was written before must not be paid for by what is measured.
        ChildProcess.Run("sync");
        string copy = checkpoints.UNetPath + ".copy";
        TimeSpan baseline = ChildProcess.Run("cp", checkpoints.UNetPath, copy).Wall + ChildProcess.Run("sha256sum", checkpoints.UNetPath).Wall;
        File.Delete(copy);
        ChildProcess.Run("sync");
        ChildProcess import = ChildProcess.Run(
            "dotnet",
            Path.Combine(AppContext.BaseDirectory, "LatentSync.Cli.dll"),
            "models", "import", "--checkpoints", checkpoints.Folder, "--config", checkpoints.ConfigPath, "--out", packPath);

        double ratio = import.Wall / baseline, gigabytes = new FileInfo(checkpoints.UNetPath).Length / 1e9;
        Check(
            ratio <= MostTimesCopyAndHash,
            $"import of {gigabytes:0.00} GB: {import.Wall.TotalSeconds:0.0} s, {ratio:0.00} times cp + sha256sum ({baseline.TotalSeconds:0.0} s), allowed {MostTimesCopyAndHash:0}",
            failures);
        Check(
            import.PeakResidentBytes is > 0 and < MostResidentBytes,
            $"import of {gigabytes:0.00} GB: VmHWM {import.PeakResidentBytes / 1e6:0} MB, allowed {MostResidentBytes / 1e6:0}",
            failures);
        return ModelPack.Open(packPath);
    }

    private static void Check(bool holds, FormattableString finding, List<string> failures)
    {
        string line = $"{(holds ? "ok    " : "FAILED")} {FormattableString.Invariant(finding)}";
        if (Environment.GetEnvironmentVariable("LATENTSYNC_FULL_SIZE_REPORT") is { Length: > 0 } report)
        {
            File.AppendAllText(report, line + Environment.NewLine);
        }

        if (!holds)
        {
            failures.Add(line);
        }
    }
}
