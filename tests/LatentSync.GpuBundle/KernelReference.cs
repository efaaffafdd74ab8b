using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Kernels.Manifest;

namespace LatentSync.GpuBundle;

/// <summary>
/// Runs cases on the CPU: the kernels' own C# methods, one thread after another, over memory of ILGPU's CPU accelerator. That accelerator calls the same
/// methods; without its groups and barriers, which no kernel needs, whole frames take seconds instead of minutes.
/// </summary>
internal sealed class KernelReference : IDisposable
{
    private static readonly Dictionary<string, MethodInfo> Methods = DeviceKernels.All.ToDictionary(kernel => kernel.Name);
    private static readonly MethodInfo ViewMethod = typeof(KernelReference).GetMethod(nameof(View), BindingFlags.NonPublic | BindingFlags.Static)!;

    private readonly Context _context = Context.Create(builder => builder.CPU(new CPUDevice(2, 2, 1)));
    private readonly CPUAccelerator _accelerator;

    public KernelReference() => _accelerator = _context.CreateCPUAccelerator(0);

    public static KernelSignature SignatureOf(string kernel) => KernelLayout.Of(Methods[kernel]);

    /// <summary>What the case's buffers hold in the end.</summary>
    public IReadOnlyList<byte[]> Run(GpuCase subject)
    {
        MemoryBuffer1D<byte, Stride1D.Dense>[] memory = [.. subject.Buffers.Select(buffer => _accelerator.Allocate1D(buffer.Initial))];
        try
        {
            Action[] launches = [.. subject.Launches.Select(launch => Prepare(launch, memory))];
            for (int repeat = 0; repeat < subject.Repeats; repeat++)
            {
                foreach (Action launch in launches)
                {
                    launch();
                }
            }

            return [.. memory.Select(buffer => buffer.GetAsArray1D())];
        }
        finally
        {
            foreach (MemoryBuffer1D<byte, Stride1D.Dense> buffer in memory)
            {
                buffer.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _accelerator.Dispose();
        _context.Dispose();
    }

    /// <summary>The loop over the extent with the parameters as constants, compiled.</summary>
    private static Action Prepare(CaseLaunch launch, MemoryBuffer1D<byte, Stride1D.Dense>[] memory)
    {
        MethodInfo method = Methods[launch.Kernel];
        ParameterExpression index = Expression.Variable(typeof(int), "index");
        Expression[] arguments =
        [
            Expression.New(typeof(Index1D).GetConstructor([typeof(int)])!, index),
            .. method.GetParameters().Zip(SignatureOf(launch.Kernel).Parameters).Skip(1)
                .Select(pair => Expression.Constant(Argument(launch, pair.First.ParameterType, pair.Second, memory), pair.First.ParameterType)),
        ];
        LabelTarget done = Expression.Label();
        Expression loop = Expression.Loop(
            Expression.IfThenElse(
                Expression.LessThan(index, Expression.Constant(launch.Extent)),
                Expression.Block(Expression.Call(method, arguments), Expression.PreIncrementAssign(index)),
                Expression.Break(done)),
            done);
        return Expression.Lambda<Action>(Expression.Block([index], Expression.Assign(index, Expression.Constant(0)), loop)).Compile();
    }

    private static object Argument(CaseLaunch launch, Type type, KernelParameter parameter, MemoryBuffer1D<byte, Stride1D.Dense>[] memory)
    {
        byte[] bytes = launch.Parameters[parameter.Offset..(parameter.Offset + parameter.Size)];
        if (parameter.Kind != KernelParameterKind.View)
        {
            return parameter.Kind switch
            {
                KernelParameterKind.Int32 => BitConverter.ToInt32(bytes),
                KernelParameterKind.Float32 => BitConverter.ToSingle(bytes),
                _ => ReadStructure(type, bytes),
            };
        }

        CasePointer pointer = launch.Pointers.SingleOrDefault(pointer => pointer.Parameter == parameter.Offset, new CasePointer(-1, 0, 0));
        long count = pointer.Parameter < 0 ? 0 : BitConverter.ToInt64(bytes, sizeof(ulong));
        return ViewMethod.MakeGenericMethod(type.GetGenericArguments()[0]).Invoke(null, [memory[pointer.Buffer], pointer.Offset, count])!;
    }

    private static object View<T>(MemoryBuffer1D<byte, Stride1D.Dense> buffer, int offset, long count)
        where T : unmanaged
    {
        ArrayView<byte> all = buffer.View;
        return count == 0 ? ArrayView<T>.Empty : all.SubView(offset, count * Interop.SizeOf<T>()).Cast<T>();
    }

    private static object ReadStructure(Type type, byte[] bytes)
    {
        GCHandle pinned = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        try
        {
            return Marshal.PtrToStructure(pinned.AddrOfPinnedObject(), type)!;
        }
        finally
        {
            pinned.Free();
        }
    }
}
