using System.Text.Encodings.Web;
using System.Text.Json;

namespace LatentSync.Cli.Output;

/// <summary>One JSON object a line on standard output, for programs that read along.</summary>
internal static class JsonLines
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write<T>(T value)
    {
        string line = JsonSerializer.Serialize(value, s_options);
        lock (s_options)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
