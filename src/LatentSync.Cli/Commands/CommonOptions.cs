using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using LatentSync.Video;

namespace LatentSync.Cli.Commands;

/// <summary>Options and parsers that several commands share.</summary>
internal static class CommonOptions
{
    public const string JsonName = "--json";

    public static Option<bool> Json() => new(JsonName) { Description = "Print progress and result as JSON, one object a line, on standard output" };

    public static Option<bool> Overwrite() => new("--overwrite") { Description = "Replace the output if it exists" };

    public static Option<string> Path(string name, string description, bool required = false) =>
        new(name) { Description = description, HelpName = "path", Required = required };

    /// <summary>A number within bounds, so that a wrong one is told by the parser.</summary>
    public static Option<int> Integer(string name, string description, int fallback, int least, int most)
    {
        Option<int> option = new(name) { Description = $"{description} [{least}..{most}]", DefaultValueFactory = _ => fallback };
        option.Validators.Add(result => CheckBounds(result, name, result.GetValueOrDefault<int>(), least, most));
        return option;
    }

    /// <summary>A number within bounds, so that a wrong one is told by the parser.</summary>
    public static Option<double> Number(string name, string description, double fallback, double least, double most)
    {
        Option<double> option = new(name) { Description = $"{description} [{least}..{most}]", DefaultValueFactory = _ => fallback };
        option.Validators.Add(result => CheckBounds(result, name, result.GetValueOrDefault<double>(), least, most));
        return option;
    }

    /// <summary>A time as seconds (<c>1.5</c>) or as <c>hh:mm:ss.fff</c>.</summary>
    public static Option<TimeSpan?> Time(string name, string description) => new(name)
    {
        Description = $"{description} (seconds, or hh:mm:ss)",
        HelpName = "time",
        CustomParser = result =>
        {
            string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : string.Empty;
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds < TimeSpan.MaxValue.TotalSeconds / 2)
            {
                return TimeSpan.FromSeconds(seconds);
            }

            if (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan time) && time >= TimeSpan.Zero)
            {
                return time;
            }

            result.AddError($"{name} '{text}' is not a time; write seconds such as 1.5, or hh:mm:ss");
            return null;
        },
    };

    /// <summary>A frame rate, kept exactly.</summary>
    public static Option<Rational> FrameRate(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "rate",
        DefaultValueFactory = _ => Rational.Fps25,
        CustomParser = result =>
        {
            string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : string.Empty;
            if (!Rational.TryParse(text, out Rational rate))
            {
                result.AddError($"{name} '{text}' is not a frame rate; write 25, 29.97 or 30000/1001");
            }

            return rate;
        },
    };

    private static void CheckBounds(OptionResult result, string name, double value, double least, double most)
    {
        if (result.Errors.Any())
        {
            return;
        }

        if (!(value >= least && value <= most))
        {
            result.AddError($"{name} {value.ToString(CultureInfo.InvariantCulture)} is out of range; give {least} to {most}");
        }
    }
}
