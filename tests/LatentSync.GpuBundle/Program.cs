using LatentSync.GpuBundle;

switch (args)
{
    case ["bundle", string folder]:
        Console.WriteLine($"{folder} and {folder}.tar.gz: {Bundle.Write(folder) / 1024} KiB unpacked; on the GPU machine run native/gpu-check/gpu-check.sh in it");
        return 0;
    case ["cases", string folder]:
        CaseSet.Write(folder, CaseSizes.Full);
        return 0;
    case ["cases", "--small", string folder]:
        CaseSet.Write(folder, CaseSizes.Small);
        return 0;
    default:
        Console.Error.WriteLine("usage: LatentSync.GpuBundle bundle FOLDER | cases [--small] FOLDER (native/gpu-check/README.md says what for)");
        return 2;
}
