namespace LatentSync.Video;

/// <summary>The temporary file that a looping video is kept in.</summary>
/// <param name="Folder">The folder it is in; the file itself is removed on every exit.</param>
/// <param name="FrameCount">Frames kept so far.</param>
/// <param name="SizeInBytes">Bytes it takes so far.</param>
/// <param name="ExpectedFrameCount">Frames it will hold, as far as the video's length is known.</param>
/// <param name="RawSizeInBytes">Bytes that all expected frames take uncompressed: footage takes about a fifth of that, pure noise a little more than all of it.</param>
/// <param name="IsComplete">Whether it is final.</param>
public sealed record SpoolStatus(
    string Folder, int FrameCount, long SizeInBytes, int? ExpectedFrameCount, long? RawSizeInBytes, bool IsComplete);
