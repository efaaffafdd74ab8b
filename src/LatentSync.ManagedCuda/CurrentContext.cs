using ManagedCuda;

namespace LatentSync.ManagedCuda;

/// <summary>Retains a GPU's primary context and makes it this thread's until disposed, when the thread has its former one again.</summary>
internal readonly ref struct CurrentContext
{
    public CurrentContext(int device)
    {
        Context = new PrimaryContext(device);
        try
        {
            Context.PushContext();
        }
        catch
        {
            Context.Dispose();
            throw;
        }
    }

    public PrimaryContext Context { get; }

    public void Dispose()
    {
        try
        {
            Context.PopContext();
        }
        finally
        {
            Context.Dispose();
        }
    }
}
