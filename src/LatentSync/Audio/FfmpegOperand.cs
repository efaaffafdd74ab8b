using System.Text;
using FFMpegCore;
using FFMpegCore.Arguments;

namespace LatentSync.Audio;

/// <summary>One operand of ffmpeg's command line: an input or the output, written so that it arrives as exactly one argument.</summary>
/// <remarks>
/// FFMpegCore joins its arguments into one line, which .NET splits again by the rules of the C runtime (no shell has a part in it).
/// Its own file arguments put quotes around a path without escaping those inside.
/// </remarks>
internal sealed class FfmpegOperand(string option, string value) : IInputArgument, IOutputArgument
{
    /// <inheritdoc/>
    public string Text => option.Length == 0 ? Quote(value) : $"{option} {Quote(value)}";

    /// <summary>A local file as ffmpeg takes it: nothing in its name can be read as an option, a protocol or a pattern.</summary>
    public static string LocalFile(string path) => "file:" + Path.GetFullPath(path);

    /// <summary>The value in quotes, with quotes in it escaped and the backslashes before any quote doubled.</summary>
    public static string Quote(string value)
    {
        StringBuilder text = new("\"");
        int backslashes = 0;
        foreach (char character in value)
        {
            if (character == '\\')
            {
                backslashes++;
                continue;
            }

            text.Append('\\', character == '"' ? (2 * backslashes) + 1 : backslashes).Append(character);
            backslashes = 0;
        }

        return text.Append('\\', 2 * backslashes).Append('"').ToString();
    }

    /// <inheritdoc/>
    public void Pre(FFOptions ffOptions)
    {
    }

    /// <inheritdoc/>
    public Task During(CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Post()
    {
    }
}
