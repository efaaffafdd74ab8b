using System.Text;

namespace LatentSync.Models.Checkpoints.Torch;

/// <summary>The zip format of torch 1.6 and later: <c>ROOT/data.pkl</c>, <c>ROOT/byteorder</c> and a stored entry <c>ROOT/data/KEY</c> for each storage.</summary>
internal sealed class TorchZipFile
{
    private const string PickleName = "data.pkl";

    // The full-size UNet's pickle takes 0.3 MB.
    private const long MaxPickleInBytes = 16 << 20;

    private readonly FileStream _stream;
    private readonly ZipDirectory _directory;
    private readonly string _root;

    private TorchZipFile(FileStream stream)
    {
        _stream = stream;
        _directory = ZipDirectory.Read(stream);
        _root = FindRoot();
    }

    public static TorchContents Read(FileStream stream)
    {
        TorchZipFile file = new(stream);
        FileRegion pickle = file._directory.Locate(file._root + PickleName);
        if (pickle.Length > MaxPickleInBytes)
        {
            throw CheckpointFile.Damaged(stream.Name, $"its {PickleName} of {pickle.Length} bytes is larger than any checkpoint's");
        }

        bool isBigEndian = file.IsBigEndian();
        TorchObjects objects = new(stream.Name);
        object? root = new PickleMachine(new PickleInput(stream, pickle), objects).Read();
        return new TorchContents(root, file.LocateStorages(objects.Storages), isBigEndian);
    }

    private string FindRoot()
    {
        string[] pickles = [.. _directory.Names.Where(n => n == PickleName || n.EndsWith("/" + PickleName, StringComparison.Ordinal)).Take(2)];
        string reason = pickles.Length == 0 ? $"it is a zip file without a {PickleName}, so not torch's" : $"it has more than one {PickleName}";
        return pickles.Length == 1 ? pickles[0][..^PickleName.Length] : throw CheckpointFile.Damaged(_stream.Name, reason);
    }

    private bool IsBigEndian()
    {
        string name = _root + "byteorder";
        if (!_directory.Contains(name))
        {
            return false;
        }

        FileRegion region = _directory.Locate(name);
        Span<byte> text = stackalloc byte[(int)Math.Min(16, region.Length)];
        CheckpointFile.ReadExactly(_stream, region.Offset, text);
        return Encoding.ASCII.GetString(text) switch
        {
            "little" => false,
            "big" => true,
            string other => throw CheckpointFile.Damaged(_stream.Name, $"its byte order is {CheckpointFile.Quote(other)}"),
        };
    }

    private Dictionary<string, FileRegion> LocateStorages(IEnumerable<TorchStorage> storages)
    {
        Dictionary<string, FileRegion> regions = new(StringComparer.Ordinal);
        foreach (TorchStorage storage in storages)
        {
            if (!regions.TryGetValue(storage.Key, out FileRegion region))
            {
                region = _directory.Locate(EntryName(storage));
                regions.Add(storage.Key, region);
            }

            if (region.Length < storage.SizeInBytes)
            {
                throw CheckpointFile.Damaged(_stream.Name, $"its part {CheckpointFile.Quote(EntryName(storage))} has {region.Length} bytes, its storage takes {storage.SizeInBytes}");
            }
        }

        CheckOverlap(regions.Values);
        return regions;
    }

    private string EntryName(TorchStorage storage) => $"{_root}data/{storage.Key}";

    private void CheckOverlap(IEnumerable<FileRegion> regions)
    {
        long end = 0;
        foreach (FileRegion region in regions.Where(r => r.Length > 0).OrderBy(r => r.Offset))
        {
            if (region.Offset < end)
            {
                throw CheckpointFile.Damaged(_stream.Name, $"two of its parts share the bytes at {region.Offset}");
            }

            end = region.End;
        }
    }
}
