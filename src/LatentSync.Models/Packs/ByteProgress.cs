namespace LatentSync.Models.Packs;

/// <summary>Counts bytes from several threads and reports now and then, not at every window.</summary>
internal sealed class ByteProgress(IProgress<ImportProgress>? progress, long total)
{
    private readonly long _step = Math.Max(1, total / 400);
    private long _done;
    private long _reported;

    public string Stage { get; set; } = string.Empty;

    public void Add(long bytes)
    {
        long done = Interlocked.Add(ref _done, bytes);
        long reported = Interlocked.Read(ref _reported);
        bool due = done - reported >= _step || done >= total;
        if (progress is not null && due && Interlocked.CompareExchange(ref _reported, done, reported) == reported)
        {
            progress.Report(new ImportProgress(Stage, Math.Min(done, total), total));
        }
    }
}
