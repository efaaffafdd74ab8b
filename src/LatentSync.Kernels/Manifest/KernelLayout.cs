using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace LatentSync.Kernels.Manifest;

/// <summary>
/// The rule by which a kernel's parameters lie in memory: in order, each at the next multiple of its alignment. <see cref="PtxHeader"/> holds what the
/// compiler did against it.
/// </summary>
public static class KernelLayout
{
    private const int ViewSize = 16;
    private const int ViewAlignment = 8;

    /// <summary>Lays out a kernel's parameters.</summary>
    /// <param name="kernel">A method that takes an <see cref="Index1D"/> first.</param>
    /// <exception cref="NotSupportedException">A parameter is of a type without a rule.</exception>
    public static KernelSignature Of(MethodInfo kernel)
    {
        List<KernelParameter> parameters = [];
        int end = 0;
        foreach (ParameterInfo parameter in kernel.GetParameters())
        {
            KernelParameter next = Describe(kernel, parameter);
            int offset = (end + next.Alignment - 1) / next.Alignment * next.Alignment;
            parameters.Add(next with { Offset = offset });
            end = offset + next.Size;
        }

        return new KernelSignature(kernel.Name, PtxHeader.EntryOf(kernel.Name), end, parameters);
    }

    private static KernelParameter Describe(MethodInfo kernel, ParameterInfo parameter)
    {
        string name = parameter.Name!;
        Type type = parameter.ParameterType;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>))
        {
            Type element = type.GetGenericArguments()[0];
            string elementName = ElementName(element) ?? throw Unsupported(kernel, name, type);
            return new(name, KernelParameterKind.View, 0, ViewSize, ViewAlignment, elementName, Marshal.SizeOf(element));
        }

        return type == typeof(Index1D) && parameter.Position == 0 ? Scalar(name, KernelParameterKind.Extent)
            : type == typeof(int) ? Scalar(name, KernelParameterKind.Int32)
            : type == typeof(float) ? Scalar(name, KernelParameterKind.Float32)
            : IsStructure(type) ? new(name, KernelParameterKind.Struct, 0, Marshal.SizeOf(type), FieldsOf(type).Max(Marshal.SizeOf), type.Name)
            : throw Unsupported(kernel, name, type);
    }

    private static KernelParameter Scalar(string name, KernelParameterKind kind) => new(name, kind, 0, sizeof(int), sizeof(int));

    private static string? ElementName(Type element) => Type.GetTypeCode(element) switch
    {
        TypeCode.Byte => "uint8",
        TypeCode.Int16 => "int16",
        TypeCode.Int32 => "int32",
        TypeCode.Single => "float32",
        _ => null,
    };

    // Of ours, and of numbers only: then the field of the greatest size gives the alignment.
    private static bool IsStructure(Type type) =>
        type.IsValueType && !type.IsPrimitive && type.Assembly == typeof(KernelLayout).Assembly
        && FieldsOf(type).All(field => field.IsPrimitive && field != typeof(bool) && field != typeof(char));

    private static IEnumerable<Type> FieldsOf(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Select(field => field.FieldType);

    private static NotSupportedException Unsupported(MethodInfo kernel, string name, Type type) =>
        new($"kernel {kernel.Name}: the parameter '{name}' is a {type}, for which there is no layout rule");
}
