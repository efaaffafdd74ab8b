using System.Globalization;
using System.Text;

namespace LatentSync.GpuBundle;

/// <summary>The text of a case as <c>native/gpu-check</c> reads it; its README describes the format.</summary>
internal static class CaseFile
{
    public const string Extension = ".case";

    /// <summary>Writes the case with what its buffers are to hold in the end.</summary>
    /// <exception cref="InvalidOperationException">The case says nothing: it has no launch, or leaves a buffer that is looked at as it was.</exception>
    public static string Text(GpuCase subject, IReadOnlyList<byte[]> results)
    {
        StringBuilder text = new();
        Line(text, $"latentsync-gpu-case 1");
        Line(text, $"name {subject.Name}");
        Line(text, $"repeats {subject.Repeats}");
        foreach (CaseBuffer buffer in subject.Buffers)
        {
            Line(text, $"buffer {NameOf(buffer.Element)} {buffer.Count} {buffer.Content}");
        }

        foreach (CaseLaunch launch in subject.Launches)
        {
            string pointers = string.Concat(launch.Pointers.Select(pointer => $" {pointer.Parameter}:{pointer.Buffer}:{pointer.Offset}"));
            Line(text, $"launch {launch.Kernel} {launch.Extent} {Convert.ToHexStringLower(launch.Parameters)}{pointers}");
        }

        foreach (CaseExpectation expectation in subject.Expectations)
        {
            CaseBuffer buffer = subject.Buffers[expectation.Buffer];
            int step = CaseExpectation.Step(buffer.Count);
            byte[] before = Sample(buffer, buffer.Initial, step), after = Sample(buffer, results[expectation.Buffer], step);
            if (before.AsSpan().SequenceEqual(after))
            {
                throw new InvalidOperationException($"the case {subject.Name} leaves buffer {expectation.Buffer} as it was");
            }

            Line(text, $"expect {expectation.Buffer} {step} {BitConverter.SingleToUInt32Bits(expectation.Tolerance):x8} {Convert.ToHexStringLower(after)}");
        }

        Line(text, $"end");
        return text.ToString();
    }

    private static byte[] Sample(CaseBuffer buffer, byte[] bytes, int step)
    {
        int size = buffer.ElementSize, count = (buffer.Count + step - 1) / step;
        byte[] samples = new byte[count * size];
        for (int i = 0; i < count; i++)
        {
            bytes.AsSpan(i * step * size, size).CopyTo(samples.AsSpan(i * size));
        }

        return samples;
    }

    private static string NameOf(CaseElement element) => element.ToString().ToLowerInvariant();

    // The same on every system: '\n', and numbers without a culture.
    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
