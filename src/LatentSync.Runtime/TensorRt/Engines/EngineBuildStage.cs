namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>What is being done for an engine.</summary>
public enum EngineBuildStage
{
    /// <summary>Another process builds the same engine.</summary>
    Waiting,

    /// <summary>The network's files are hashed.</summary>
    Hashing,

    /// <summary>The graph is made ready for the precision.</summary>
    Preparing,

    /// <summary>TensorRT builds.</summary>
    Building,

    /// <summary>TensorRT puts weights into an engine that is there.</summary>
    Refitting,

    /// <summary>The engine is written.</summary>
    Writing,
}
