namespace LatentSync.Pipeline;

/// <summary>A frame on its way to the encoder: one of a group, handed on in order.</summary>
/// <param name="Group">Its group; whoever takes the last of its frames disposes it.</param>
/// <param name="Index">Index in the group.</param>
internal readonly record struct SyncedFrame(ISyncedGroup Group, int Index)
{
    public JobFrame Frame => Group.Frames[Index];

    public bool IsLast => Index == Group.Frames.Count - 1;
}
