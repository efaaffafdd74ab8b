using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Kernels.Manifest;
using LatentSync.Runtime;

namespace LatentSync.Tests.Kernels.Launching;

/// <summary>Launches by packed parameters, as a driver does, on ILGPU's CPU accelerator: unpacks them as the manifest says.</summary>
public sealed class IlgpuLauncher : IKernelLauncher, IDisposable
{
    private readonly Context _context = Context.Create(builder => builder.CPU(new CPUDevice(2, 2, 1)));
    private readonly CPUAccelerator _accelerator;
    private readonly Dictionary<string, Kernel> _kernels = [];
    private readonly List<MemoryBuffer1D<byte, Stride1D.Dense>> _buffers = [];

    public IlgpuLauncher() => _accelerator = _context.CreateCPUAccelerator(0);

    public KernelManifest Manifest { get; } = KernelManifest.Describe([75], DeviceKernels.All);

    public DeviceView<T> Allocate<T>(long length)
        where T : unmanaged
    {
        MemoryBuffer1D<byte, Stride1D.Dense> buffer = _accelerator.Allocate1D<byte>(length * Marshal.SizeOf<T>());
        _buffers.Add(buffer);
        return new DeviceView<T>((ulong)buffer.NativePtr, length);
    }

    public DeviceView<T> Upload<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        DeviceView<T> view = Allocate<T>(values.Length);
        Write(view, values);
        return view;
    }

    public void Write<T>(DeviceView<T> view, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Assert.True(values.Length <= view.Length);
        Resolve<T>(view.Address, values.Length).CopyFromCPU(_accelerator.DefaultStream, values);
    }

    public T[] Download<T>(DeviceView<T> view)
        where T : unmanaged
    {
        T[] values = new T[view.Length];
        Resolve<T>(view.Address, view.Length).CopyToCPU(_accelerator.DefaultStream, values);
        return values;
    }

    public void Launch(string kernel, int extent, ReadOnlySpan<byte> parameters)
    {
        KernelSignature signature = Manifest.Kernel(kernel);
        Assert.Equal(signature.Size, parameters.Length);
        Assert.Equal(extent, MemoryMarshal.Read<int>(parameters));
        if (!_kernels.TryGetValue(kernel, out Kernel? loaded))
        {
            loaded = _accelerator.LoadAutoGroupedKernel(DeviceKernels.All.Single(method => method.Name == kernel));
            _kernels.Add(kernel, loaded);
        }

        List<object> arguments = [];
        foreach (KernelParameter parameter in signature.Parameters.Skip(1))
        {
            arguments.Add(Unpack(parameter, parameters.Slice(parameter.Offset, parameter.Size)));
        }

        loaded.Launch(_accelerator.DefaultStream, new Index1D(extent), [.. arguments]);
        _accelerator.Synchronize();
    }

    public void Dispose()
    {
        _buffers.ForEach(buffer => buffer.Dispose());
        _accelerator.Dispose();
        _context.Dispose();
    }

    private object Unpack(KernelParameter parameter, ReadOnlySpan<byte> bytes) => (parameter.Kind, parameter.Element) switch
    {
        (KernelParameterKind.Int32, _) => MemoryMarshal.Read<int>(bytes),
        (KernelParameterKind.Float32, _) => MemoryMarshal.Read<float>(bytes),
        (KernelParameterKind.Struct, nameof(DeviceAffine)) => MemoryMarshal.Read<DeviceAffine>(bytes),
        (KernelParameterKind.View, "uint8") => Resolve<byte>(bytes),
        (KernelParameterKind.View, "int16") => Resolve<short>(bytes),
        (KernelParameterKind.View, "int32") => Resolve<int>(bytes),
        (KernelParameterKind.View, "float32") => Resolve<float>(bytes),
        _ => throw new ArgumentException($"{parameter} is not understood"),
    };

    private ArrayView<T> Resolve<T>(ReadOnlySpan<byte> view)
        where T : unmanaged =>
        Resolve<T>(MemoryMarshal.Read<ulong>(view), MemoryMarshal.Read<long>(view[sizeof(ulong)..]));

    // Only memory that was allocated can be reached.
    private ArrayView<T> Resolve<T>(ulong address, long length)
        where T : unmanaged
    {
        if (length == 0)
        {
            return ArrayView<T>.Empty;
        }

        MemoryBuffer1D<byte, Stride1D.Dense> buffer = _buffers.Single(candidate =>
            address >= (ulong)candidate.NativePtr && address < (ulong)candidate.NativePtr + (ulong)candidate.LengthInBytes);
        return buffer.View.BaseView.SubView((long)(address - (ulong)buffer.NativePtr), length * Marshal.SizeOf<T>()).Cast<T>();
    }
}
