namespace LatentSync.Runtime;

/// <summary>What kind of thing went wrong; the command line maps each kind to one exit code.</summary>
public enum LatentSyncError
{
    /// <summary>An argument or option is wrong.</summary>
    Usage,

    /// <summary>An input video or recording is missing, unreadable, or lacks what is needed of it.</summary>
    Media,

    /// <summary>A checkpoint, configuration, graph or model pack is missing, damaged or not supported.</summary>
    Model,

    /// <summary>The output, the spool or a cache could not be written.</summary>
    Output,

    /// <summary>A frame has no usable face and the job was told to fail on that.</summary>
    MissingFace,

    /// <summary>Something the machine must provide (ffmpeg, a driver, a library) is missing or broken.</summary>
    Environment,
}
