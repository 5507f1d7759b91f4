using System.Numerics.Tensors;

namespace NativeTrainer.Models;

/// <summary>
/// The highest of many scores, best first. Equal ones come in the order in which <c>torch.topk</c> gives them, which is that of C++'s
/// <c>std::partial_sort</c>: a heap of the best so far, then a heap sort.
/// </summary>
internal sealed class TopCandidates(int count)
{
    private const int Block = 64;
    private readonly (float Score, int Place)[] _heap = new (float, int)[count];

    /// <summary>Finds them.</summary>
    /// <returns>Scores with their places; as many as were asked for, or all.</returns>
    public ReadOnlySpan<(float Score, int Place)> Find(ReadOnlySpan<float> scores)
    {
        var heap = _heap.AsSpan(0, Math.Min(_heap.Length, scores.Length));
        for (var i = 0; i < heap.Length; i++) heap[i] = (scores[i], i);
        for (var parent = (heap.Length - 2) / 2; parent >= 0; parent--) Adjust(heap, parent, heap[parent]);
        for (var start = heap.Length; start < scores.Length; start += Block)
        {
            var part = scores[start..Math.Min(start + Block, scores.Length)];
            if (TensorPrimitives.Max(part) <= heap[0].Score) continue;
            for (var i = 0; i < part.Length; i++)
            {
                if (IsBetter(part[i], heap[0].Score)) Adjust(heap, 0, (part[i], start + i));
            }
        }
        for (var last = heap.Length - 1; last > 0; last--)
        {
            var worst = heap[0];
            Adjust(heap[..last], 0, heap[last]);
            heap[last] = worst;
        }
        return heap;
    }

    // A NaN is better than every number.
    private static bool IsBetter(float x, float y) => x > y || (float.IsNaN(x) && !float.IsNaN(y));

    // Moves a hole down to a leaf along the worse children, then the value up from there.
    private static void Adjust(Span<(float Score, int Place)> heap, int hole, (float Score, int Place) value)
    {
        var (top, child) = (hole, hole);
        while (child < (heap.Length - 1) / 2)
        {
            child = 2 * (child + 1);
            if (IsBetter(heap[child].Score, heap[child - 1].Score)) child--;
            heap[hole] = heap[child];
            hole = child;
        }
        if (heap.Length % 2 == 0 && child == (heap.Length - 2) / 2)
        {
            child = (2 * child) + 1;
            heap[hole] = heap[child];
            hole = child;
        }
        for (var parent = (hole - 1) / 2; hole > top && IsBetter(heap[parent].Score, value.Score); parent = (hole - 1) / 2)
        {
            heap[hole] = heap[parent];
            hole = parent;
        }
        heap[hole] = value;
    }
}
