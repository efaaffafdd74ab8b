using LatentSync.Runtime;

namespace LatentSync.Faces;

/// <summary>
/// Turns SCRFD's nine outputs into candidate faces. Per stride 8, 16, 32 and anchor (cell by cell, row-major, two a cell): a score, distances
/// left, top, right, bottom from the anchor's centre (x*stride, y*stride), and five keypoint offsets, distances and offsets in strides.
/// </summary>
internal sealed class ScrfdDecoder
{
    public const int OutputCount = 9;
    private const int AnchorsPerCell = 2;
    private const int KeypointCount = 5;
    private static readonly int[] s_strides = [8, 16, 32];
    private static readonly int[] s_widths = [1, 4, 2 * KeypointCount];

    private readonly int[] _columns;
    private readonly int[] _outputOf;

    /// <summary>Finds which output is which by its shape: InsightFace's files come in the order scores, boxes, keypoints, others need not.</summary>
    /// <param name="outputs">What the network gave; <c>[n,k]</c> or <c>[1,n,k]</c>.</param>
    /// <param name="inputWidth">Width that the network saw, a multiple of 32.</param>
    /// <param name="inputHeight">Height that the network saw, a multiple of 32.</param>
    /// <param name="source">The file, for the error.</param>
    public ScrfdDecoder(IReadOnlyList<Tensor> outputs, int inputWidth, int inputHeight, string source)
    {
        _columns = [.. s_strides.Select(s => inputWidth / s)];
        _outputOf = new int[OutputCount];
        for (int kind = 0; kind < s_widths.Length; kind++)
        {
            for (int level = 0; level < s_strides.Length; level++)
            {
                long anchors = (long)_columns[level] * (inputHeight / s_strides[level]) * AnchorsPerCell;
                int found = IndexOf(outputs, anchors, s_widths[kind]);
                _outputOf[(kind * s_strides.Length) + level] = found >= 0 ? found : throw new LatentSyncException(
                    LatentSyncError.Model,
                    $"{source}: not an SCRFD face detector: no output of shape [{anchors},{s_widths[kind]}] (stride {s_strides[level]}) for a {inputWidth}x{inputHeight} input; use det_10g.onnx of InsightFace's buffalo_l");
            }
        }
    }

    /// <summary>Collects the candidates at or above the threshold, in the network's order.</summary>
    /// <param name="outputs">All outputs, in the graph's order.</param>
    /// <param name="threshold">Least score.</param>
    /// <param name="frameScale">Network pixels per frame pixel; coordinates are divided by it.</param>
    /// <param name="boxes">Receives the boxes in frame pixels.</param>
    /// <param name="keypoints">Receives the keypoints in frame pixels.</param>
    public void Decode(IReadOnlyList<Tensor> outputs, float threshold, float frameScale, List<FaceBox> boxes, List<FacePoint[]> keypoints)
    {
        for (int level = 0; level < s_strides.Length; level++)
        {
            int stride = s_strides[level];
            ReadOnlySpan<float> scores = outputs[_outputOf[level]].Span;
            ReadOnlySpan<float> distances = outputs[_outputOf[s_strides.Length + level]].Span;
            ReadOnlySpan<float> offsets = outputs[_outputOf[(2 * s_strides.Length) + level]].Span;
            for (int anchor = 0; anchor < scores.Length; anchor++)
            {
                if (!(scores[anchor] >= threshold))
                {
                    continue;
                }

                int cell = anchor / AnchorsPerCell;
                float x = cell % _columns[level] * stride, y = cell / _columns[level] * stride;
                ReadOnlySpan<float> d = distances.Slice(anchor * 4, 4);
                FaceBox box = new(
                    (x - (d[0] * stride)) / frameScale,
                    (y - (d[1] * stride)) / frameScale,
                    (x + (d[2] * stride)) / frameScale,
                    (y + (d[3] * stride)) / frameScale,
                    scores[anchor]);
                if (!float.IsFinite(box.Left + box.Top + box.Right + box.Bottom + box.Score))
                {
                    continue;
                }

                FacePoint[] points = new FacePoint[KeypointCount];
                for (int i = 0; i < points.Length; i++)
                {
                    ReadOnlySpan<float> o = offsets.Slice((anchor * 2 * KeypointCount) + (2 * i), 2);
                    points[i] = new FacePoint((x + (o[0] * stride)) / frameScale, (y + (o[1] * stride)) / frameScale);
                }

                boxes.Add(box);
                keypoints.Add(points);
            }
        }
    }

    private static int IndexOf(IReadOnlyList<Tensor> outputs, long anchors, int width)
    {
        for (int i = 0; i < outputs.Count; i++)
        {
            ReadOnlySpan<long> shape = outputs[i].Shape;
            if (shape.Length >= 2 && shape[^1] == width && shape[^2] == anchors && outputs[i].Length == anchors * width)
            {
                return i;
            }
        }

        return -1;
    }
}
