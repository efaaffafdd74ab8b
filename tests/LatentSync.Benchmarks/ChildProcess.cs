using System.Diagnostics;
using System.Globalization;

namespace LatentSync.Benchmarks;

/// <summary>Runs programs with argument lists and watches how much memory they and their children hold.</summary>
internal static class ChildProcess
{
    /// <summary>Runs a program to its end and returns what it wrote to standard output.</summary>
    public static string Run(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}");
    }

    /// <summary>Runs a program and returns the most physical memory it held (VmHWM), and the most its children held together at one time.</summary>
    public static (long OwnBytes, long ChildBytes, TimeSpan Elapsed) RunWatched(string program, params string[] arguments)
    {
        long start = Stopwatch.GetTimestamp(), own = 0, children = 0;
        using Process process = Start(program, arguments);
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        while (!process.WaitForExit(50))
        {
            own = Math.Max(own, Status(process.Id, "VmHWM"));
            children = Math.Max(children, ChildrenOf(process.Id).Sum(id => Status(id, "VmHWM")));
        }

        return process.ExitCode == 0
            ? (own, children, Stopwatch.GetElapsedTime(start))
            : throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}");
    }

    private static Process Start(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;

    private static IEnumerable<int> ChildrenOf(int id)
    {
        // Children belong to the thread that started them.
        string tasks = $"/proc/{id}/task";
        return Directory.Exists(tasks)
            ? Directory.GetDirectories(tasks)
                .SelectMany(task => Read(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(text => int.Parse(text, CultureInfo.InvariantCulture))
            : [];
    }

    private static long Status(int id, string field)
    {
        string? line = Read($"/proc/{id}/status").Split('\n').FirstOrDefault(l => l.StartsWith(field + ":", StringComparison.Ordinal));
        return line is null ? 0 : 1024 * long.Parse(line[(field.Length + 1)..].Replace("kB", string.Empty, StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }

    // A process that ends while it is looked at has nothing to say.
    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
