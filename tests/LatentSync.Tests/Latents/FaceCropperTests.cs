using LatentSync.Kernels;
using LatentSync.Latents;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Latents;

public sealed class FaceCropperTests
{
    public static IEnumerable<object[]> Cases => AlignmentCase.Names;

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Crop_ReferenceFrame_GivesReferenceFace(string name)
    {
        using AlignmentCase test = AlignmentCase.Open(name);
        FaceCropper cropper = new(test.Resolution);
        Assert.Equal((test.CropWidth, test.CropHeight), (cropper.CropWidth, cropper.CropHeight));
        for (int i = 0; i < test.Count; i++)
        {
            ByteTolerances.AssertClose(test.Face(i).Span, cropper.Crop(test.Frame(i), test.Matrix(i)).Span, $"{name} face {i}");
        }
    }

    [Fact]
    public void Crop_FaceOfAnotherSize_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new FaceCropper(64).Crop(new RgbImage(9, 9), new AffineTransform(1, 0, 0, 0, 1, 0), new RgbImage(65, 64)));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 3)]
    public void Crop_TinyFrame_ReadsNothingBeyondIt(int width, int height)
    {
        // A guard of another colour behind the picture would show if a load went past its end.
        byte[] memory = new byte[(width * height * 3) + 64];
        memory.AsSpan().Fill(255);
        memory.AsSpan(0, width * height * 3).Fill(100);
        RgbImage face = new FaceCropper(8).Crop(new RgbImage(width, height, memory), new AffineTransform(3, 0, 0, 0, 3, 0));
        Assert.All(face.Span.ToArray(), value => Assert.InRange(value, 90, 135));
    }
}
