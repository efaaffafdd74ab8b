using System.Runtime.CompilerServices;
using LatentSync.Runtime;

namespace LatentSync.Kernels.Launching;

/// <summary>Checks before a launch: a kernel that leaves its memory takes the whole device down.</summary>
internal static class LaunchCheck
{
    /// <summary>The number of threads: the product of the sizes.</summary>
    /// <exception cref="ArgumentException">A size is below 1, or there are more threads than a kernel can number.</exception>
    public static int Extent(params ReadOnlySpan<long> sizes)
    {
        long product = 1;
        foreach (long size in sizes)
        {
            if (size < 1 || size > int.MaxValue / product)
            {
                throw new ArgumentException($"a kernel over {string.Join(" x ", sizes.ToArray())} values: every size must be at least 1 and their product below 2^31");
            }

            product *= size;
        }

        return (int)product;
    }

    /// <exception cref="ArgumentException">The view is too short, nowhere, or not aligned to its elements.</exception>
    public static void Holds<T>(DeviceView<T> view, long length, [CallerArgumentExpression(nameof(view))] string name = "")
        where T : unmanaged
    {
        if (view.Length < length)
        {
            throw new ArgumentException($"the kernel needs {length} elements of {name}, the view has {view.Length}", name);
        }

        if (view.Address == 0 || view.Address % (ulong)Unsafe.SizeOf<T>() != 0)
        {
            throw new ArgumentException($"{name} is at address {view.Address}, which is not one of {typeof(T).Name} elements", name);
        }
    }

    /// <summary>As <see cref="Holds"/>, but nothing at all will do.</summary>
    /// <exception cref="ArgumentException">The view has elements, but too few.</exception>
    public static void HoldsOrIsEmpty<T>(DeviceView<T> view, long length, [CallerArgumentExpression(nameof(view))] string name = "")
        where T : unmanaged
    {
        if (view.Length != 0)
        {
            Holds(view, length, name);
        }
    }

    /// <exception cref="ArgumentException">The condition does not hold.</exception>
    public static void That(bool condition, [CallerArgumentExpression(nameof(condition))] string expression = "")
    {
        if (!condition)
        {
            throw new ArgumentException($"the kernel's arguments do not fit one another: {expression} does not hold");
        }
    }
}
