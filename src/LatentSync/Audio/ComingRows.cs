namespace LatentSync.Audio;

/// <summary>
/// Feature rows that are still being computed, in order, while others read: who reads a row says so and waits for it; who computes can wait until rows are wanted,
/// so that speech which plays in minutes takes no processor from the pictures of now. Safe for several threads.
/// </summary>
internal sealed class ComingRows
{
    private readonly object _gate = new();
    private long _ready;
    private long _wanted;

    /// <summary>Says that the first <paramref name="rows"/> rows are there.</summary>
    public void SetReady(long rows)
    {
        lock (_gate)
        {
            _ready = rows;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Says that the first <paramref name="rows"/> rows are wanted soon.</summary>
    public void Want(long rows)
    {
        lock (_gate)
        {
            SetWanted(rows);
        }
    }

    /// <summary>Asks for the first <paramref name="rows"/> rows and waits until they are there.</summary>
    /// <exception cref="OperationCanceledException">The token was signalled before.</exception>
    public void WaitUntilReady(long rows, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            SetWanted(rows);
            if (_ready >= rows)
            {
                return;
            }
        }

        WaitForReady(rows, cancellationToken);
    }

    /// <summary>Waits until the first <paramref name="rows"/> rows are wanted.</summary>
    /// <exception cref="OperationCanceledException">The token was signalled before.</exception>
    public void WaitUntilWanted(long rows, CancellationToken cancellationToken) => Wait(() => _wanted >= rows, cancellationToken);

    // Apart, so that only who waits pays for a closure.
    private void WaitForReady(long rows, CancellationToken cancellationToken) => Wait(() => _ready >= rows, cancellationToken);

    private void SetWanted(long rows)
    {
        if (rows > _wanted)
        {
            _wanted = rows;
            Monitor.PulseAll(_gate);
        }
    }

    private void Wait(Func<bool> isTrue, CancellationToken cancellationToken)
    {
        // Registered outside the lock: a token that is signalled already calls back at once.
        using CancellationTokenRegistration wake = cancellationToken.UnsafeRegister(_ => Wake(), null);
        lock (_gate)
        {
            while (!isTrue())
            {
                cancellationToken.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }
}
