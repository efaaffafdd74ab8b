namespace LatentSync.Pipeline.Gpu;

/// <summary>A group that a GPU works on, or is done with.</summary>
/// <param name="Frames">The frames in output order, each with a face.</param>
/// <param name="Slot">Where they are on the device.</param>
/// <param name="Clock">Counts the time that is spent waiting for them.</param>
/// <param name="Release">Gives the slot back.</param>
internal sealed record DeviceSyncedGroup(IReadOnlyList<JobFrame> Frames, DeviceChunkSlot Slot, StageClock Clock, Action Release) : ISyncedGroup
{
    public void PutBack(int index)
    {
        using StageClock.Running running = Clock.Time(LipSyncStage.Compositing);
        Slot.Receive(index, Frames[index].Frame.Image);
    }

    public void Dispose() => Release();
}
