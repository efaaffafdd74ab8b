namespace LatentSync.Video;

/// <summary>
/// The order in which a video that is shorter than its sound is played: forwards, backwards, forwards, ..., each turn repeating its end
/// frame (LatentSync's <c>loop_video</c>).
/// </summary>
public static class PingPong
{
    /// <summary>The source frame shown at a place of the output: 0, 1, ..., n-1, n-1, ..., 1, 0, 0, 1, ...</summary>
    /// <param name="outputIndex">Place in the output, from 0.</param>
    /// <param name="sourceCount">Number of source frames n, at least 1.</param>
    public static int SourceIndex(long outputIndex, int sourceCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outputIndex);
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceCount, 1);
        long turn = outputIndex / sourceCount;
        int place = (int)(outputIndex % sourceCount);
        return turn % 2 == 0 ? place : sourceCount - 1 - place;
    }
}
