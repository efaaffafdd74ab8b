using Microsoft.ML.OnnxRuntime;

namespace LatentSync.Runtime.OnnxRuntime;

/// <summary>Adds an execution provider to a session, or says in one sentence why it cannot.</summary>
internal static class OnnxProviderSetup
{
    /// <exception cref="LatentSyncException">This build or machine lacks the provider.</exception>
    public static void Add(SessionOptions session, OnnxRuntimeOptions options)
    {
        if (options.Provider == OnnxExecutionProvider.Cpu)
        {
            return;
        }

        string wanted = options.Provider == OnnxExecutionProvider.Cuda ? "CUDAExecutionProvider" : "TensorrtExecutionProvider";
        string[] available = OrtEnv.Instance().GetAvailableProviders();
        if (!available.Contains(wanted, StringComparer.Ordinal))
        {
            throw new LatentSyncException(LatentSyncError.Environment, $"this build of ONNX Runtime has no {wanted} (it has {string.Join(", ", available)}): build with '-p:OnnxRuntimeGpu=true', or use '--ep cpu'");
        }

        try
        {
            if (options.Provider == OnnxExecutionProvider.TensorRt)
            {
                AddTensorRt(session, options);
            }

            AddCuda(session, options);
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            throw Unusable(wanted, exception);
        }
    }

    // The message names the library that is missing; which CUDA it has to be of is in that library's name.
    internal static LatentSyncException Unusable(string wanted, Exception exception)
    {
        string needed = wanted.StartsWith("Tensorrt", StringComparison.Ordinal) ? "NVIDIA's driver, CUDA, cuDNN and TensorRT" : "NVIDIA's driver, CUDA and cuDNN";
        return new LatentSyncException(
            LatentSyncError.Environment,
            $"ONNX Runtime cannot use {wanted}: {exception.Message.Split('\n')[0].Trim()}: install {needed} in the versions that it asks for, or use '--ep cpu'",
            exception);
    }

    private static void AddCuda(SessionOptions session, OnnxRuntimeOptions options)
    {
        using OrtCUDAProviderOptions cuda = new();
        cuda.UpdateOptions(CudaOptions(options));
        session.AppendExecutionProvider_CUDA(cuda);
    }

    private static void AddTensorRt(SessionOptions session, OnnxRuntimeOptions options)
    {
        if (options.EngineCacheFolder is { } folder)
        {
            CreateCacheFolder(folder);
        }

        using OrtTensorRTProviderOptions tensorRt = new();
        tensorRt.UpdateOptions(TensorRtOptions(options));
        session.AppendExecutionProvider_Tensorrt(tensorRt);
    }

    // The provider makes only the last folder of the path by itself.
    internal static void CreateCacheFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(
                LatentSyncError.Output, $"{folder}: cannot be made for TensorRT's engines ({exception.Message}); set XDG_CACHE_HOME to a folder that can be written", exception);
        }
    }

    internal static Dictionary<string, string> CudaOptions(OnnxRuntimeOptions options) => new()
    {
        ["device_id"] = options.Device.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["enable_cuda_graph"] = options.CudaGraph ? "1" : "0",
        // float32 stays float32: this is the baseline that others are measured against.
        ["use_tf32"] = "0",
    };

    internal static Dictionary<string, string> TensorRtOptions(OnnxRuntimeOptions options)
    {
        Dictionary<string, string> values = new()
        {
            ["device_id"] = options.Device.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["trt_cuda_graph_enable"] = options.CudaGraph ? "1" : "0",
        };
        if (options.EngineCacheFolder is { } folder)
        {
            values["trt_engine_cache_enable"] = "1";
            values["trt_engine_cache_path"] = folder;
            values["trt_timing_cache_enable"] = "1";
            values["trt_timing_cache_path"] = folder;
            // Without the model's hash in its name, an engine of another model would be taken for this one's.
            values["trt_engine_cache_prefix"] = options.EngineCachePrefix
                ?? throw new ArgumentException("an engine cache needs the model's hash as its prefix", nameof(options));
        }

        return values;
    }
}
