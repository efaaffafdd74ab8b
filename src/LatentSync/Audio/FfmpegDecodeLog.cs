using System.Globalization;
using System.Text.RegularExpressions;

namespace LatentSync.Audio;

/// <summary>What ffmpeg says while it decodes (<c>-v level+verbose -stats</c>): progress, what it decoded, and what went wrong.</summary>
internal sealed partial class FfmpegDecodeLog(IProgress<double>? progress)
{
    private readonly Lock _lock = new();
    private bool _rateChanged, _estimated, _endsEarly;

    /// <summary>The container's own statement of its length, or null.</summary>
    public TimeSpan? StatedDuration { get; private set; }

    /// <summary>Samples that the decoder gave, before resampling; 0 if ffmpeg did not say.</summary>
    public long DecodedSamples { get; private set; }

    /// <summary>The rate of those samples; 0 if ffmpeg did not say or it changed on the way.</summary>
    public int DecodedRate { get; private set; }

    /// <summary>The last line that ffmpeg itself calls an error, or null.</summary>
    public string? LastError { get; private set; }

    /// <summary>The file has no audio stream at all.</summary>
    public bool HasNoAudio { get; private set; }

    /// <summary>The disk that the samples were written to is full.</summary>
    public bool IsDiskFull { get; private set; }

    /// <summary>The file has moving pictures too, so its stated length need not be the sound's.</summary>
    public bool HasVideo { get; private set; }

    /// <summary>The demuxer said that the file stops before its own end.</summary>
    public bool EndsEarly => _endsEarly;

    /// <summary>The stated length is only a guess from the bit rate.</summary>
    public bool IsDurationEstimated => _estimated;

    /// <summary>Takes one line of ffmpeg's error output.</summary>
    public void Add(string line)
    {
        lock (_lock)
        {
            ReadStatistics(line);
            ReadFaults(line);
        }
    }

    private void ReadStatistics(string line)
    {
        if (StatedDuration is null && DurationLine().Match(line) is { Success: true } duration)
        {
            StatedDuration = ParseTime(duration);
        }
        else if (TimeField().Match(line) is { Success: true } time && StatedDuration is { Ticks: > 0 } total)
        {
            progress?.Report(Math.Clamp(ParseTime(time) / total, 0, 1));
        }
        else if (DecodedLine().Match(line) is { Success: true } decoded)
        {
            DecodedSamples = long.Parse(decoded.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        }
        else if (DecoderLine().Match(line) is { Success: true } decoder)
        {
            int rate = int.Parse(decoder.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            _rateChanged |= DecodedRate != 0 && DecodedRate != rate;
            DecodedRate = _rateChanged ? 0 : rate;
        }

        HasVideo |= VideoLine().IsMatch(line) && !line.Contains("(attached pic)", StringComparison.Ordinal);
    }

    private void ReadFaults(string line)
    {
        int error = Math.Max(line.LastIndexOf("[error] ", StringComparison.Ordinal), line.LastIndexOf("[fatal] ", StringComparison.Ordinal));
        if (error >= 0)
        {
            LastError = line[(error + "[error] ".Length)..].Trim();
        }

        HasNoAudio |= line.Contains("matches no streams", StringComparison.Ordinal);
        IsDiskFull |= line.Contains("No space left on device", StringComparison.Ordinal);
        _estimated |= line.Contains("Estimating duration from bitrate", StringComparison.Ordinal);
        _endsEarly |= line.Contains("File ended prematurely", StringComparison.Ordinal) || line.Contains("partial file", StringComparison.Ordinal);
    }

    private static TimeSpan ParseTime(Match match) =>
        TimeSpan.FromHours(double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
        + TimeSpan.FromMinutes(double.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
        + TimeSpan.FromSeconds(double.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^\[info\]\s+Duration: (\d{1,6}):(\d\d):(\d\d\.\d+)")]
    private static partial Regex DurationLine();

    [GeneratedRegex(@"size=.*time=(\d{1,6}):(\d\d):(\d\d\.\d+)")]
    private static partial Regex TimeField();

    // Written as "44 frames decoded (88200 samples)" by ffmpeg 4 to 6, as "44 frames decoded; 0 decode errors (88200 samples)" by later ones.
    [GeneratedRegex(@"Input stream #0:\d+ \(audio\):.*frames decoded.*\((\d{1,18}) samples\)")]
    private static partial Regex DecodedLine();

    [GeneratedRegex(@"^\[graph_\d+_in_\d+[_:]\d+ @ .*samplerate:(\d{1,9})")]
    private static partial Regex DecoderLine();

    [GeneratedRegex(@"^\[info\]\s+Stream #0:\d+.*: Video: ")]
    private static partial Regex VideoLine();
}
