using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>
/// SHA-256 over everything that an engine depends on. Of a refittable engine's network only the structure counts: it can take any weights, and which it
/// has is said by its header.
/// </summary>
/// <param name="Text">64 lower-case hexadecimal digits.</param>
public readonly record struct EngineKey(string Text)
{
    /// <summary>Counts up whenever equal fields would mean another engine.</summary>
    private const int Version = 1;

    /// <summary>The key of an engine.</summary>
    /// <param name="identity">What it depends on.</param>
    public static EngineKey Of(EngineIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, "version", Version.ToString(CultureInfo.InvariantCulture));
        bool refittable = identity.Flags.HasFlag(EngineFlags.Refittable);
        Add(hash, refittable ? "structure" : "content", refittable ? identity.Graph.Structure : identity.Graph.Content);
        Add(hash, "precision", identity.Precision.ToString());
        Add(hash, "preparation", identity.Preparation);
        Add(hash, "tensorrt", identity.Target.TensorRt.ToString());
        Add(hash, "gpu", identity.Target.Gpu);
        Add(hash, "compute", identity.Target.ComputeCapability.ToString());
        Add(hash, "driver", identity.Target.Driver.ToString());
        Add(hash, "release", identity.Target.DriverRelease);
        Add(hash, "flags", ((int)identity.Flags).ToString(CultureInfo.InvariantCulture));
        Add(hash, "profiles", identity.Profiles.Count.ToString(CultureInfo.InvariantCulture));
        foreach (EngineProfile profile in identity.Profiles)
        {
            Add(hash, "shapes", profile.Shapes.Count.ToString(CultureInfo.InvariantCulture));
            foreach (ProfileShape shape in profile.Shapes)
            {
                Add(hash, "input", shape.Input);
                Add(hash, "extents", $"{string.Join('x', shape.Min)} {string.Join('x', shape.Opt)} {string.Join('x', shape.Max)}");
            }
        }

        return new EngineKey(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    // Lengths first, so that no two lists of fields give the same bytes.
    private static void Add(IncrementalHash hash, string name, string value)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (string text in (ReadOnlySpan<string>)[name, value])
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
    }
}
