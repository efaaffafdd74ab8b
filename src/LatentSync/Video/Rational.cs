using System.Globalization;

namespace LatentSync.Video;

/// <summary>An exact ratio: a frame rate in frames per second (<c>30000/1001</c>) or the shape of a pixel (width : height).</summary>
/// <param name="Numerator">The upper number, at least 0.</param>
/// <param name="Denominator">The lower number, at least 1 in a valid ratio.</param>
public readonly record struct Rational(int Numerator, int Denominator)
{
    /// <summary>25 frames per second, the rate LatentSync works at.</summary>
    public static Rational Fps25 { get; } = new(25, 1);

    /// <summary>One: square pixels.</summary>
    public static Rational One { get; } = new(1, 1);

    /// <summary>Whether both numbers are above zero.</summary>
    public bool IsPositive => Numerator > 0 && Denominator > 0;

    /// <summary>The ratio as a floating-point number; NaN if the denominator is zero.</summary>
    public double Value => (double)Numerator / Denominator;

    /// <summary>The ratio the other way up.</summary>
    public Rational Inverse => new(Denominator, Numerator);

    /// <summary>Reads <c>25</c>, <c>29.97</c>, <c>30000/1001</c> or <c>4:3</c>; decimals are kept exactly (up to four digits).</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">The ratio in lowest terms, or the default.</param>
    /// <returns>Whether the text is a ratio above zero.</returns>
    public static bool TryParse(string? text, out Rational value)
    {
        value = default;
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        int separator = text.AsSpan().IndexOfAny('/', ':');
        if (separator > 0)
        {
            return int.TryParse(text.AsSpan(0, separator), NumberStyles.None, CultureInfo.InvariantCulture, out int numerator)
                && int.TryParse(text.AsSpan(separator + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int denominator)
                && TryReduce(numerator, denominator, out value);
        }

        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            && number <= 100_000
            && TryReduce((long)decimal.Round(number * 10_000), 10_000, out value);
    }

    /// <summary>The ratio as ffmpeg reads it, <c>30000/1001</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");

    private static bool TryReduce(long numerator, long denominator, out Rational value)
    {
        value = default;
        if (numerator <= 0 || denominator <= 0)
        {
            return false;
        }

        (long a, long b) = (numerator, denominator);
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        value = new Rational((int)(numerator / a), (int)(denominator / a));
        return true;
    }
}
