using System.Numerics;
using NativeTrainer.Kernels.Cpu;

namespace NativeTrainer.Kernels.Tests.Cpu;

/// <summary>Attention written as its formula, in double, with whole score matrices: what the tiles are compared with.</summary>
internal sealed unsafe class NaiveAttention<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AttentionProblem<T> _problem;
    private readonly double[] _probabilities;

    public NaiveAttention(in AttentionProblem<T> problem)
    {
        _problem = problem;
        nint b = problem.Batch, h = problem.Heads, n = problem.Queries, m = problem.Keys, d = problem.HeadSize;
        _probabilities = new double[b * h * n * m];
        Output = new double[b * h * n * d];
        for (nint i = 0; i < b * h * n; i++)
        {
            (nint batch, nint head, nint query) = (i / n / h, i / n % h, i % n);
            double[] scores = Scores(batch, head, query);
            double max = scores.DefaultIfEmpty(double.NegativeInfinity).Max();
            double sum = max == double.NegativeInfinity ? 0 : scores.Sum(s => Math.Exp(s - max));
            for (int j = 0; j < scores.Length; j++)
            {
                double p = sum == 0 ? 0 : Math.Exp(scores[j] - max) / sum;
                _probabilities[i * m + j] = p;
                for (nint e = 0; e < d; e++)
                    Output[i * d + e] += p * D(problem.Value.At(batch, head / problem.Group)[j * problem.Value.Row + e]);
            }
        }
    }

    /// <summary>[Batch, Heads, Queries, HeadSize]</summary>
    public double[] Output { get; }

    /// <summary>Gradients as dense arrays; that of the mask as [Batch, Heads, Queries, Keys].</summary>
    public (double[] Query, double[] Key, double[] Value, double[] Mask) Gradients(double[] output)
    {
        nint b = _problem.Batch, h = _problem.Heads, g = _problem.KeyHeads, n = _problem.Queries, m = _problem.Keys, d = _problem.HeadSize;
        double[] query = new double[b * h * n * d], mask = new double[b * h * n * m];
        double[] key = new double[b * g * m * d], value = new double[b * g * m * d];
        double scale = D(_problem.Scale);
        for (nint i = 0; i < b * h * n; i++)
        {
            (nint batch, nint head, nint row) = (i / n / h, i / n % h, i % n);
            nint keys = (batch * g + head / _problem.Group) * m;
            T* v = _problem.Value.At(batch, head / _problem.Group), k = _problem.Key.At(batch, head / _problem.Group);
            T* q = _problem.Query.At(batch, head) + row * _problem.Query.Row;
            double[] dp = new double[m];
            double mean = 0;
            for (nint j = 0; j < m; j++)
            {
                for (nint e = 0; e < d; e++)
                {
                    dp[j] += output[i * d + e] * D(v[j * _problem.Value.Row + e]);
                    value[(keys + j) * d + e] += _probabilities[i * m + j] * output[i * d + e];
                }

                mean += _probabilities[i * m + j] * dp[j];
            }

            for (nint j = 0; j < m; j++)
            {
                double ds = _probabilities[i * m + j] * (dp[j] - mean);
                mask[i * m + j] = ds;
                for (nint e = 0; e < d; e++)
                {
                    query[i * d + e] += scale * ds * D(k[j * _problem.Key.Row + e]);
                    key[(keys + j) * d + e] += scale * ds * D(q[e]);
                }
            }
        }

        return (query, key, value, mask);
    }

    private double[] Scores(nint batch, nint head, nint query)
    {
        double[] scores = new double[_problem.KeysSeenBy(query)];
        T* q = _problem.Query.At(batch, head) + query * _problem.Query.Row, k = _problem.Key.At(batch, head / _problem.Group);
        for (nint j = 0; j < scores.Length; j++)
        {
            for (nint e = 0; e < _problem.HeadSize; e++) scores[j] += D(q[e]) * D(k[j * _problem.Key.Row + e]);
            scores[j] *= D(_problem.Scale);
            if (_problem.Mask.Pointer == null) continue;

            // Rounded as T does: what a mask of -3e38 swallows is gone in T and would not be in double.
            double add = D(_problem.Mask.At(batch, head)[query * _problem.Mask.Row + j * _problem.Mask.Column]);
            scores[j] = D(T.CreateTruncating(scores[j]) + T.CreateTruncating(add));
        }

        return scores;
    }

    private static double D(T x) => double.CreateTruncating(x);
}
