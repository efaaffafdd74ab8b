using LatentSync.GpuBundle.Cases;

namespace LatentSync.GpuBundle;

/// <summary>All cases of one size.</summary>
internal static class CaseSet
{
    public static IReadOnlyList<GpuCase> Of(CaseSizes sizes) =>
        [.. FaceCases.All(sizes), .. MaskCases.All(sizes), .. LatentCases.All(sizes), .. StepCases.All(sizes)];

    /// <summary>Writes each case as NAME.case, in place of those that are there.</summary>
    public static void Write(string folder, CaseSizes sizes)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(folder, "*" + CaseFile.Extension))
        {
            File.Delete(file);
        }

        using KernelReference reference = new();
        foreach (GpuCase subject in Of(sizes))
        {
            File.WriteAllText(Path.Combine(folder, subject.Name + CaseFile.Extension), CaseFile.Text(subject, reference.Run(subject)));
        }
    }
}
