using System.Numerics.Tensors;

namespace NativeTrainer.Models;

/// <summary>Finds the k-th highest of many scores without putting them in order: a heap, the lowest of the k on top.</summary>
internal sealed class HighestScores(int count)
{
    private const int Block = 64;
    private readonly float[] _heap = new float[count];

    /// <summary>The k-th highest score; negative infinity where there are not more than k.</summary>
    public float Lowest(ReadOnlySpan<float> scores)
    {
        if (_heap.Length >= scores.Length) return float.NegativeInfinity;
        scores[.._heap.Length].CopyTo(_heap);
        for (var i = (_heap.Length / 2) - 1; i >= 0; i--) SiftDown(i);
        for (var i = _heap.Length; i < scores.Length; i += Block)
        {
            var part = scores[i..Math.Min(i + Block, scores.Length)];
            if (TensorPrimitives.Max(part) <= _heap[0]) continue;
            foreach (var score in part)
            {
                if (score <= _heap[0]) continue;
                _heap[0] = score;
                SiftDown(0);
            }
        }
        return _heap[0];
    }

    private void SiftDown(int place)
    {
        var (value, k) = (_heap[place], _heap.Length);
        while ((2 * place) + 1 < k)
        {
            var child = (2 * place) + 1;
            if (child + 1 < k && _heap[child + 1] < _heap[child]) child++;
            if (_heap[child] >= value) break;
            _heap[place] = _heap[child];
            place = child;
        }
        _heap[place] = value;
    }
}
