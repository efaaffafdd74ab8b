namespace LatentSync.Kernels.Ilgpu.Device;

/// <summary>A 2x3 affine map as kernels take it: six doubles in row order, 48 bytes.</summary>
/// <param name="M00">x' per x.</param>
/// <param name="M01">x' per y.</param>
/// <param name="M02">x' offset in pixels.</param>
/// <param name="M10">y' per x.</param>
/// <param name="M11">y' per y.</param>
/// <param name="M12">y' offset in pixels.</param>
public readonly record struct DeviceAffine(double M00, double M01, double M02, double M10, double M11, double M12);
