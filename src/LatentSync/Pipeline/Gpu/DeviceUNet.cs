using LatentSync.Models.Rewrites;
using LatentSync.Runtime;

namespace LatentSync.Pipeline.Gpu;

/// <summary>
/// The UNet on a GPU in the form that a job asks for. The latest form stays loaded, and no other: its weights are most of what the engines take. Serves one job
/// at a time.
/// </summary>
/// <param name="source">Where networks come from.</param>
/// <param name="giveUp">Called before networks are unloaded: nothing may be prepared of them afterwards.</param>
internal sealed class DeviceUNet(IDeviceUNetSource source, Action giveUp) : IDisposable
{
    private LoadedUNet? _latest;

    /// <summary>The first of some forms that is there; valid until another one is asked for.</summary>
    /// <param name="forms">The forms, the best first.</param>
    /// <param name="cancellationToken">Stops searching and loading.</param>
    /// <exception cref="LatentSyncException">None is there (the message names the fix), or it cannot be loaded.</exception>
    public LoadedUNet For(IReadOnlyList<UNetProgramOptions> forms, CancellationToken cancellationToken)
    {
        UNetProgramOptions form = source.Find(forms, cancellationToken);
        if (_latest is { } latest && latest.Form == form)
        {
            return latest;
        }

        Unload();
        _latest = new LoadedUNet(form, source.Load(form, cancellationToken));
        return _latest;
    }

    /// <inheritdoc/>
    public void Dispose() => Unload();

    private void Unload()
    {
        if (_latest is { } latest)
        {
            giveUp();
            _latest = null;
            foreach (IDeviceNetwork network in latest.Networks.All)
            {
                network.Dispose();
            }
        }
    }
}
