using Spectre.Console;
using Spectre.Console.Rendering;

namespace LatentSync.Cli.Output;

/// <summary>A live bar on standard error: stage, share, units per second and time left.</summary>
internal sealed class BarProgressDisplay : IProgressDisplay
{
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private readonly Task _display;
    private volatile ProgressTask? _task;
    private string _details = string.Empty;

    public BarProgressDisplay()
    {
        _display = _console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DetailsColumn(this))
            .StartAsync(async context =>
            {
                _task = context.AddTask("starting", maxValue: 1);
                await _finished.Task.ConfigureAwait(false);
            });
    }

    public void Report(ProgressLine line)
    {
        Volatile.Write(ref _details, line.Details);
        if (_task is { } task)
        {
            task.Description = Markup.Escape(line.Stage);
            task.Value = Math.Min(line.Fraction, 0.999);
        }
    }

    public void Note(string message) => _console.MarkupLineInterpolated($"{message}");

    public void Dispose()
    {
        _finished.TrySetResult();
        _display.GetAwaiter().GetResult();
    }

    private sealed class DetailsColumn(BarProgressDisplay owner) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(Volatile.Read(ref owner._details));
    }
}
