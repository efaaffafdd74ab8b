using LatentSync.Faces;
using LatentSync.Video;

namespace LatentSync.Pipeline.Avatars;

/// <summary>Faces where an avatar says that they are.</summary>
internal sealed class AvatarFaceLocator(AvatarFile file) : IFaceLocator
{
    public LocatedFace Locate(VideoFrame frame, CancellationToken cancellationToken)
    {
        if (frame.SourceIndex >= file.Info.FrameCount)
        {
            throw AvatarFileCheck.Refused(file.Path, $"its video now gives more than the {file.Info.FrameCount} frames that it was made of");
        }

        AvatarFrame entry = file.Frame(frame.SourceIndex);
        return new LocatedFace(entry.HasFace ? entry.FrameToCrop : null, entry.Absence.Describe());
    }
}
