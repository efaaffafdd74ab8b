using System.Text.Json;
using LatentSync.Profiling.Layers;

namespace LatentSync.Profiling.Spans;

/// <summary>
/// Writes spans and layers on one clock in the Chrome trace format, which Perfetto (ui.perfetto.dev), chrome://tracing and speedscope open: a row a thread for the
/// product's spans, and below them one for each thread of each network's session.
/// </summary>
public sealed class ChromeTrace : IDisposable
{
    private const int ProductProcess = 1;

    private readonly Utf8JsonWriter _writer;
    private readonly DateTime _origin;
    private int _processes = ProductProcess;

    /// <summary>Begins a trace.</summary>
    /// <param name="stream">Receives it; stays the caller's.</param>
    /// <param name="origin">Time zero, UTC.</param>
    public ChromeTrace(Stream stream, DateTime origin)
    {
        _writer = new Utf8JsonWriter(stream);
        _origin = origin;
        _writer.WriteStartObject();
        _writer.WriteString("displayTimeUnit", "ms");
        _writer.WriteStartArray("traceEvents");
        NameProcess(ProductProcess, "LatentSync");
    }

    /// <summary>Adds the product's spans.</summary>
    public void Add(IEnumerable<Span> spans)
    {
        ArgumentNullException.ThrowIfNull(spans);
        foreach (Span span in spans)
        {
            Event(span.Name, "span", ProductProcess, span.Thread, span.Start - _origin, span.Duration);
        }
    }

    /// <summary>Adds a session's layers.</summary>
    /// <param name="profile">The session's profile.</param>
    /// <param name="start">When that profile's clock began, UTC.</param>
    public void Add(OnnxProfile profile, DateTime start)
    {
        ArgumentNullException.ThrowIfNull(profile);
        int process = ++_processes;
        NameProcess(process, profile.Network);
        foreach (LayerRun layer in profile.Layers)
        {
            Event(layer.Name, layer.Operator, process, layer.Thread, start - _origin + layer.Start, layer.Duration);
        }
    }

    /// <summary>Ends the trace.</summary>
    public void Dispose()
    {
        _writer.WriteEndArray();
        _writer.WriteEndObject();
        _writer.Dispose();
    }

    private void NameProcess(int process, string name)
    {
        _writer.WriteStartObject();
        _writer.WriteString("ph", "M");
        _writer.WriteString("name", "process_name");
        _writer.WriteNumber("pid", process);
        _writer.WriteStartObject("args");
        _writer.WriteString("name", name);
        _writer.WriteEndObject();
        _writer.WriteEndObject();
    }

    private void Event(string name, string category, int process, long thread, TimeSpan start, TimeSpan duration)
    {
        _writer.WriteStartObject();
        _writer.WriteString("ph", "X");
        _writer.WriteString("name", name);
        _writer.WriteString("cat", category);
        _writer.WriteNumber("pid", process);
        _writer.WriteNumber("tid", thread);
        _writer.WriteNumber("ts", start.TotalMicroseconds);
        _writer.WriteNumber("dur", duration.TotalMicroseconds);
        _writer.WriteEndObject();
    }
}
