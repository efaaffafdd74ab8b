using LatentSync.Runtime.Exceptions;
using LatentSync.Runtime.Native;
using LatentSync.Runtime.TensorRt.Native;

namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>TensorRT's own header of a plan, read before TensorRT sees the plan: it does not survive every foreign one.</summary>
internal static unsafe class PlanHeader
{
    /// <exception cref="PlanRefusedException">It is no plan, or another TensorRT wrote it.</exception>
    internal static void Check(string path, PlanMemory plan, Version tensorRt)
    {
        PlanInfoStruct info;
        try
        {
            NativeLibraryLoader.EnsureLoaded();
            info = EngineCalls.PlanInfo(plan.Pointer, plan.Size);
        }
        catch (PlanRefusedException exception)
        {
            throw EngineFile.Refused(path, exception.Message, exception);
        }

        if ((info.Major, info.Minor, info.Patch) != (tensorRt.Major, tensorRt.Minor, tensorRt.Build))
        {
            throw EngineFile.Refused(path, $"TensorRT {info.Major}.{info.Minor}.{info.Patch} wrote its plan, {tensorRt.ToString(3)} is loaded");
        }
    }
}
