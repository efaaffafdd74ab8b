using LatentSync.Kernels;

namespace LatentSync.Faces;

/// <summary>A coarse look at a face's box: brightness at 24 x 24 places, each the mean of 3 x 3 pixels spread over its cell. Shows a cut, or that the face is gone.</summary>
internal sealed class FacePatch
{
    private const int Side = 24;
    private const int Samples = 3;

    // The mean difference in grey levels, less a change of brightness as a whole: a presenter's head moves it by a few, a cut by tens.
    private const double MostDifference = 18;

    private readonly float[] _values = new float[Side * Side];
    private readonly double _mean;

    private FacePatch(RgbImage frame, in FaceBox box)
    {
        double cellWidth = (box.Right - box.Left) / (double)Side, cellHeight = (box.Bottom - box.Top) / (double)Side;
        for (int i = 0; i < _values.Length; i++)
        {
            int sum = 0;
            for (int s = 0; s < Samples * Samples; s++)
            {
                double x = box.Left + (((i % Side) + ((s % Samples + 0.5) / Samples)) * cellWidth);
                double y = box.Top + (((i / Side) + ((s / Samples + 0.5) / Samples)) * cellHeight);
                sum += Brightness(frame, (int)x, (int)y);
            }

            _values[i] = sum / (float)(Samples * Samples);
            _mean += _values[i] / _values.Length;
        }
    }

    public static FacePatch Of(RgbImage frame, in FaceBox box) => new(frame, box);

    public bool Resembles(FacePatch other)
    {
        double sum = 0;
        for (int i = 0; i < _values.Length; i++)
        {
            sum += Math.Abs(_values[i] - _mean - (other._values[i] - other._mean));
        }

        return sum / _values.Length <= MostDifference;
    }

    // The weights of green and red in brightness are near enough to 5 and 2 of 8, blue's to 1.
    private static int Brightness(RgbImage frame, int x, int y)
    {
        int place = ((Math.Clamp(y, 0, frame.Height - 1) * frame.Width) + Math.Clamp(x, 0, frame.Width - 1)) * 3;
        ReadOnlySpan<byte> pixel = frame.Span.Slice(place, 3);
        return ((2 * pixel[0]) + (5 * pixel[1]) + pixel[2]) / 8;
    }
}
