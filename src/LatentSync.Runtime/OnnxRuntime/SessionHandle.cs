using Microsoft.ML.OnnxRuntime;

namespace LatentSync.Runtime.OnnxRuntime;

/// <summary>A session of one or more engines; ends with the last of them.</summary>
internal sealed class SessionHandle(InferenceSession session, OnnxExecutionProvider provider, bool isProfiled = false)
{
    private int _users = 1;

    public InferenceSession Session => session;

    /// <summary>Whether inputs that are bound once are read anew in each run: other providers copy them when they are bound.</summary>
    public bool ReadsBoundInputs => provider == OnnxExecutionProvider.Cpu;

    public SessionHandle AddUser()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    public void RemoveUser()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            if (isProfiled)
            {
                session.EndProfiling();
            }

            session.Dispose();
        }
    }
}
