using System.Text.Json;
using LatentSync.Runtime.Exceptions;
using LatentSync.Runtime.TensorRt.Native;

namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>
/// An engine on disk, <c>.lsengine</c>: magic, format version, lengths, SHA-256 of the plan, SHA-256 of all that and of the header, the header as JSON,
/// the plan. Opening verifies all but the plan; the plan is verified while it is read. A file may come from anywhere: nothing is taken for granted, and no
/// more is allocated than the file has bytes.
/// </summary>
public sealed class EngineFile
{
    /// <summary>The files' extension.</summary>
    public const string Extension = ".lsengine";

    private readonly EnginePrologue _prologue;

    private EngineFile(string path, EnginePrologue prologue, EngineHeader header)
    {
        Path = path;
        Header = header;
        _prologue = prologue;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What it says of its plan.</summary>
    public EngineHeader Header { get; }

    /// <summary>Size of the plan.</summary>
    public long PlanSizeInBytes => _prologue.PlanLength;

    /// <summary>The engine's key.</summary>
    public EngineKey Key => EngineKey.Of(Header.Identity);

    /// <summary>Opens an engine file and verifies its header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="PlanRefusedException">It is none, or is cut off, damaged, or of another format version; the message names it and the fix.</exception>
    /// <exception cref="LatentSyncException">It is missing or cannot be read.</exception>
    public static EngineFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = OpenStream(path);
        return Open(path, stream);
    }

    /// <summary>Reads the whole plan, comparing its hash, and gives nothing if that is wrong.</summary>
    /// <param name="cancellationToken">Stops between windows of the file.</param>
    /// <exception cref="PlanRefusedException">The file is damaged or was replaced since it was opened.</exception>
    /// <exception cref="LatentSyncException">It cannot be read.</exception>
    public void Verify(CancellationToken cancellationToken = default) => ReadPlan(cancellationToken).Dispose();

    /// <summary>Fails unless the loaded TensorRT is the one that wrote the plan.</summary>
    internal void RequireTensorRt(Version version)
    {
        if (Header.Identity.Target.TensorRt != version)
        {
            throw Refused(Path, $"it was built with TensorRT {Header.Identity.Target.TensorRt}, {version} is loaded");
        }
    }

    internal PlanMemory ReadPlan(CancellationToken cancellationToken)
    {
        using FileStream stream = OpenStream(Path);
        EngineFile now = Open(Path, stream);
        if (!now._prologue.PlanHash.AsSpan().SequenceEqual(_prologue.PlanHash))
        {
            throw Refused(Path, "it was replaced while it was being read");
        }

        try
        {
            PlanMemory plan = PlanMemory.Copy(stream, now.PlanSizeInBytes, out byte[] hash, cancellationToken);
            if (hash.AsSpan().SequenceEqual(_prologue.PlanHash))
            {
                return plan;
            }

            plan.Dispose();
            throw Refused(Path, "the plan's bytes do not have the stated SHA-256");
        }
        catch (EndOfStreamException exception)
        {
            throw Refused(Path, "it ends before its plan does", exception);
        }
        catch (IOException exception)
        {
            throw Unreadable(Path, exception);
        }
        catch (OutOfMemoryException exception)
        {
            throw new HostOutOfMemoryException($"{Path}: no memory for its plan of {PlanSizeInBytes >> 20} MiB; close other programs", exception);
        }
    }

    /// <summary>Writes an engine beside its place and renames it, so that the file is there whole or not at all.</summary>
    /// <param name="path">The file; an older one is replaced.</param>
    /// <param name="partialPath">Where it grows, on the same disk.</param>
    /// <param name="header">What is said of the plan.</param>
    /// <param name="plan">The plan, from where the stream is.</param>
    /// <param name="cancellationToken">Stops between windows.</param>
    /// <exception cref="LatentSyncException">It cannot be written.</exception>
    internal static void Write(string path, string partialPath, EngineHeader header, Stream plan, CancellationToken cancellationToken)
    {
        try
        {
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(header, EngineJsonContext.Default.EngineHeader);
            using (FileStream stream = new(partialPath, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0))
            {
                stream.Position = EnginePrologue.Size;
                stream.Write(json);
                (long length, byte[] hash) = EnginePrologue.CopyHashed(plan, stream, cancellationToken);
                stream.Position = 0;
                stream.Write(new EnginePrologue(json.Length, length, hash).ToBytes(json));
                stream.Flush(flushToDisk: true);
            }

            File.Move(partialPath, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            PartialFiles.TryDelete(partialPath);
            throw new LatentSyncException(LatentSyncError.Output, $"{path}: cannot be written ({exception.Message}); free space or choose another folder with --engines", exception);
        }
        catch
        {
            PartialFiles.TryDelete(partialPath);
            throw;
        }
    }

    internal static PlanRefusedException Refused(string path, string reason, Exception? inner = null) =>
        new($"{path}: this engine cannot be used: {reason.ReplaceLineEndings(" ").TrimEnd('.', ' ')}; build it again with 'latentsync engines build'", inner);

    private static EngineFile Open(string path, FileStream stream)
    {
        try
        {
            Span<byte> fixedPart = stackalloc byte[EnginePrologue.Size];
            int read = stream.ReadAtLeast(fixedPart, fixedPart.Length, throwOnEndOfStream: false);
            EnginePrologue prologue = EnginePrologue.Parse(path, fixedPart[..read], stream.Length);
            byte[] json = new byte[prologue.HeaderLength];
            stream.ReadExactly(json);
            prologue.CheckHeader(path, fixedPart, json);
            return new EngineFile(path, prologue, ParseHeader(path, json));
        }
        catch (EndOfStreamException exception)
        {
            throw Refused(path, "it ends before its header does", exception);
        }
        catch (IOException exception)
        {
            throw Unreadable(path, exception);
        }
    }

    private static EngineHeader ParseHeader(string path, byte[] json)
    {
        try
        {
            EngineHeader header = JsonSerializer.Deserialize(json, EngineJsonContext.Default.EngineHeader) ?? throw new JsonException("it holds null");
            return header.Identity.Target.TensorRt is null || header.Identity.Profiles.Any(profile => profile?.Shapes is null || profile.Shapes.Contains(null!)) ? throw new JsonException("a field is null") : header;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw Refused(path, $"its header cannot be read ({exception.Message.ReplaceLineEndings(" ")})", exception);
        }
    }

    private static FileStream OpenStream(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: no such engine file; build one with 'latentsync engines build'", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, exception);
        }
    }

    private static LatentSyncException Unreadable(string path, Exception exception) =>
        new(LatentSyncError.Model, $"{path}: cannot be read ({exception.Message}); check the file and its permissions", exception);
}
