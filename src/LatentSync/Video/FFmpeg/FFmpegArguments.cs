using FFMpegCore.Arguments;

namespace LatentSync.Video.FFmpeg;

/// <summary>
/// The argument list of one ffmpeg run. Options come from FFMpegCore's typed arguments or as separate words; paths are list elements of
/// their own. FFMpegCore by itself joins everything into one string with the paths merely put in quotes, so a quote in a file name would
/// end the argument.
/// </summary>
internal sealed class FFmpegArguments
{
    private readonly List<string> _list = ["-hide_banner", "-nostdin", "-loglevel", "error"];

    public IReadOnlyList<string> List => _list;

    /// <summary>Adds options whose text holds no user input, so that spaces only separate words.</summary>
    public FFmpegArguments Add(params ReadOnlySpan<IArgument> arguments)
    {
        foreach (IArgument argument in arguments)
        {
            _list.AddRange(argument.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        return this;
    }

    /// <summary>Adds words as they are, one list element each.</summary>
    public FFmpegArguments Add(params ReadOnlySpan<string> words)
    {
        _list.AddRange(words);
        return this;
    }

    /// <summary>Adds words as they are, one list element each.</summary>
    public FFmpegArguments AddRange(IEnumerable<string> words)
    {
        _list.AddRange(words);
        return this;
    }
}
