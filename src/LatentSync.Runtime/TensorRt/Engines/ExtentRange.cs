namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>How many of something an engine takes.</summary>
/// <param name="Min">At least, from 1.</param>
/// <param name="Opt">What it is made fast for.</param>
/// <param name="Max">At most.</param>
public readonly record struct ExtentRange(int Min, int Opt, int Max)
{
    /// <summary>Exactly so many.</summary>
    /// <param name="count">From 1.</param>
    public static ExtentRange Exactly(int count) => new(count, count, count);

    /// <summary>Fails unless 1 &lt;= min &lt;= opt &lt;= max.</summary>
    /// <param name="what">What is counted, for the message.</param>
    /// <exception cref="LatentSyncException">They are not in order.</exception>
    public void Check(string what)
    {
        if (Min < 1 || Opt < Min || Max < Opt)
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"{what}: least {Min}, usual {Opt}, most {Max}: give numbers from 1 in ascending order");
        }
    }
}
