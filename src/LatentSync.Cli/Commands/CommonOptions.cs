using System.CommandLine;
using System.Globalization;
using LatentSync.Video;

namespace LatentSync.Cli.Commands;

/// <summary>Options and parsers that several commands share.</summary>
internal static class CommonOptions
{
    public const string JsonName = "--json";

    /// <summary>Reads an option's text; false if it is not what it should be.</summary>
    public delegate bool Parser<T>(string text, out T value);

    public static Option<bool> Json() => new(JsonName) { Description = "Print progress and result as JSON, one object a line, on standard output" };

    public static Option<bool> Overwrite() => new("--overwrite") { Description = "Replace the output if it exists" };

    public static Option<string> Path(string name, string description, bool required = false) =>
        new(name) { Description = description, HelpName = "path", Required = required };

    /// <summary>The model pack, see <see cref="PackLocation"/>.</summary>
    public static Option<string?> Models(string what = "Model pack made by 'latentsync models import'") => new("--models")
    {
        Description = $"{what} [default: ${PackLocation.Variable}, else {PackLocation.Default}]",
        HelpName = "pack",
    };

    /// <summary>How often the face detector runs.</summary>
    public static Option<int> DetectEvery() => Integer(
        "--detect-every", "Frames from one run of the face detector to the next at most; between them faces are followed by their landmarks, 1 detects in every frame", 1, 1, 1000);

    /// <summary>A whole number within bounds.</summary>
    public static Option<int> Integer(string name, string description, int fallback, int least, int most) => Default(fallback, Parsed(
        name, $"{description} [{least}..{most}]", $"a whole number from {least} to {most}",
        (string text, out int value) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= least && value <= most));

    /// <summary>A number within bounds.</summary>
    public static Option<double> Number(string name, string description, double fallback, double least, double most) => Default(fallback, Parsed(
        name, $"{description} [{least}..{most}]", $"a number from {least} to {most}",
        (string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= least && value <= most));

    /// <summary>A number within bounds, or none.</summary>
    public static Option<double?> OptionalNumber(string name, string description, double least, double most) => Parsed(
        name, $"{description} [{least}..{most}]", $"a number from {least} to {most}",
        (string text, out double? value) =>
        {
            bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= least && number <= most;
            value = isNumber ? number : null;
            return isNumber;
        });

    /// <summary>A whole number of any size, of which some may be refused later.</summary>
    public static Option<int?> OptionalInteger(string name, string description) => Parsed(
        name, description, "a whole number",
        (string text, out int? value) =>
        {
            bool isNumber = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number);
            value = isNumber ? number : null;
            return isNumber;
        });

    /// <summary>A generator's seed.</summary>
    public static Option<long> Seed(string name, string description, long fallback) => Default(fallback, Parsed(
        name, description, "a whole number",
        (string text, out long value) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)));

    /// <summary>One of several words, in any case.</summary>
    public static Option<string> Choice(string name, string description, string fallback, IReadOnlyList<string> choices) => Default(fallback, Parsed(
        name, $"{description}: {string.Join(", ", choices)}", $"one of {string.Join(", ", choices)}",
        (string text, out string value) => choices.Contains(value = text.ToLowerInvariant())));

    /// <summary>
    /// An option with a parser of its own: the library's words for what it cannot read name types, and an option whose value is looked at by a
    /// validator although it could not be read ends in an exception.
    /// </summary>
    /// <param name="name">The option.</param>
    /// <param name="description">For the help.</param>
    /// <param name="expected">What to give, for the error.</param>
    /// <param name="parse">Reads the text.</param>
    public static Option<T> Parsed<T>(string name, string description, string expected, Parser<T> parse) => new(name)
    {
        Description = description,
        HelpName = "value",
        CustomParser = result =>
        {
            string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : string.Empty;
            if (!parse(text, out T value))
            {
                result.AddError($"{name} '{text}': give {expected}");
            }

            return value;
        },
    };

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

    private static Option<T> Default<T>(T fallback, Option<T> option)
    {
        option.DefaultValueFactory = _ => fallback;
        return option;
    }
}
