using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using LatentSync.Kernels;
using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Kernels.Launching;
using LatentSync.Runtime;

namespace LatentSync.Tests.Kernels.Launching;

/// <summary>A typed call with arguments that fit and are all different, so that two in each other's place are seen.</summary>
internal sealed class TypedCall
{
    // A multiple of every plane and frame count below.
    private const int Unit = 15;

    private readonly MethodInfo _method;
    private readonly object[] _arguments;

    public TypedCall(string kernel)
    {
        _method = Assert.Single(Methods, method => method.Name == kernel);
        ParameterInfo[] parameters = _method.GetParameters();
        _arguments = [.. parameters.Select((parameter, i) => i == 0 ? new object() : Example(kernel, parameter, i))];
    }

    public static IReadOnlyList<MethodInfo> Methods { get; } =
    [
        .. typeof(DeviceKernelCalls).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly),
    ];

    public string[] Names => [.. _method.GetParameters().Skip(1).Select(parameter => parameter.Name!)];

    public object this[string name]
    {
        get => _arguments[Position(name)];
        set => _arguments[Position(name)] = value;
    }

    public void Invoke(IKernelLauncher launcher)
    {
        _arguments[0] = launcher;
        try
        {
            _method.Invoke(null, _arguments);
        }
        catch (TargetInvocationException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerException!);
        }
    }

    /// <summary>An argument as C would lay it out.</summary>
    public static byte[] BytesOf(object argument) => argument switch
    {
        int number => BitConverter.GetBytes(number),
        float number => BitConverter.GetBytes(number),
        AffineTransform map => Bytes([new DeviceAffine(map.M00, map.M01, map.M02, map.M10, map.M11, map.M12)]),
        _ => [.. BitConverter.GetBytes(Read<ulong>(argument, "Address")), .. BitConverter.GetBytes(Read<long>(argument, "Length"))],
    };

    /// <summary>The same view with another address and length.</summary>
    public static object View(object view, ulong address, long length) => Activator.CreateInstance(view.GetType(), address, length)!;

    private static byte[] Bytes(ReadOnlySpan<DeviceAffine> map) => MemoryMarshal.AsBytes(map).ToArray();

    private static T Read<T>(object view, string property) => (T)view.GetType().GetProperty(property)!.GetValue(view)!;

    private int Position(string name) => Array.FindIndex(_method.GetParameters(), parameter => parameter.Name == name);

    private static object Example(string kernel, ParameterInfo parameter, int position)
    {
        Type type = parameter.ParameterType;
        return type == typeof(float) ? 0.5f + position
            : type == typeof(AffineTransform) ? new AffineTransform(1, 2, 3, 4, 5, 6)
            : type == typeof(int) ? Number(parameter.Name!, position)
            : Activator.CreateInstance(type, 0x7000_0000UL + ((ulong)position << 24), Length(kernel, parameter.Name!, position))!;
    }

    // Where one view's length is the extent, the others must hold it, or a multiple.
    private static long Length(string kernel, string name, int position) => (kernel, name) switch
    {
        ("BeginStep", "sample") => 3_000_000,
        ("TakeRow", "row") => Unit * 100,
        ("PlaceLatents", "source") or ("TakeLatents", "destination") => Unit * 100,
        _ => Unit * (60_000L - position),
    };

    private static int Number(string name, int position) => name switch
    {
        "halves" => 2,
        "frame" => 1,
        "frames" => 3,
        "plane" => 5,
        "length" => 4 * Unit,
        "itemLength" => 1_000_000,
        "framePitch" => 1000,
        _ => 10 + position,
    };
}
