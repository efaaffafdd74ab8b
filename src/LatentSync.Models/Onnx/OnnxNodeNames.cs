using System.Text;
using LatentSync.Runtime;

namespace LatentSync.Models.Onnx;

/// <summary>Reads the names of a graph's first nodes by walking the file's fields, loading no weights: enough to tell who exported a network.</summary>
public static class OnnxNodeNames
{
    // Field numbers of onnx.proto: ModelProto.graph, GraphProto.node, NodeProto.name.
    private const int GraphField = 7;
    private const int NodeField = 1;
    private const int NameField = 3;
    private const int LongestNameInBytes = 4096;

    /// <summary>The names of the first nodes in the file's order; an unnamed node is an empty string.</summary>
    /// <param name="path">The <c>.onnx</c> file.</param>
    /// <param name="count">How many nodes at most.</param>
    /// <exception cref="LatentSyncException">The file is missing, cannot be read or is not ONNX.</exception>
    public static IReadOnlyList<string> ReadFirst(string path, int count)
    {
        try
        {
            using BinaryReader reader = new(File.OpenRead(path));
            List<string> names = [];
            if (Enter(reader, GraphField, reader.BaseStream.Length) is { } graphEnd)
            {
                while (names.Count < count && Enter(reader, NodeField, graphEnd) is { } nodeEnd)
                {
                    names.Add(Enter(reader, NameField, nodeEnd) is { } nameEnd ? ReadName(reader, nameEnd) : string.Empty);
                    reader.BaseStream.Position = nodeEnd;
                }
            }

            return names;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or FormatException)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: not a readable ONNX file ({exception.Message}); replace it", exception);
        }
    }

    /// <summary>Moves to the start of the next field of this number within a message; returns the field's end, or null when there is none.</summary>
    private static long? Enter(BinaryReader reader, int field, long messageEnd)
    {
        Stream stream = reader.BaseStream;
        while (stream.Position < messageEnd)
        {
            long tag = reader.Read7BitEncodedInt64();
            long length = (tag & 7) switch
            {
                0 => SkipVarint(reader),
                1 => sizeof(long),
                2 => reader.Read7BitEncodedInt64(),
                5 => sizeof(int),
                _ => throw new InvalidDataException($"unknown wire type {tag & 7} at byte {stream.Position}"),
            };
            if (length < 0 || length > messageEnd - stream.Position)
            {
                throw new InvalidDataException($"the field at byte {stream.Position} runs past its message");
            }

            long end = stream.Position + length;
            if (tag == ((field << 3) | 2))
            {
                return end;
            }

            stream.Position = end;
        }

        return null;
    }

    private static long SkipVarint(BinaryReader reader)
    {
        reader.Read7BitEncodedInt64();
        return 0;
    }

    private static string ReadName(BinaryReader reader, long end)
    {
        long length = end - reader.BaseStream.Position;
        return length <= LongestNameInBytes
            ? Encoding.UTF8.GetString(reader.ReadBytes((int)length))
            : throw new InvalidDataException($"a node's name takes {length} bytes");
    }
}
