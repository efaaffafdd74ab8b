namespace LatentSync.GpuBundle;

/// <summary>The elements of a case's buffer; the names, in lower case, are the file's.</summary>
internal enum CaseElement
{
    UInt8,
    Int16,
    Int32,
    Float32,
}
