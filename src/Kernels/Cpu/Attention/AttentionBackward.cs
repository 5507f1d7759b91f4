using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// The backward pass: an item owns some keys of one key head, computes their probabilities again block by block and collects what all
/// queries contribute. Gradients of queries come from all keys: where a head's keys are shared out to several items, each keeps its own
/// part, and the parts are added in order.
/// </summary>
internal unsafe struct AttentionBackward<V, T> : IParallelJob
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Fewer heads than this (all batches counted) share their keys out, so that more threads have work; the number depends on the shape
    // alone.
    private const int EnoughItems = 16;
    private const int MostParts = 8;

    private AttentionProblem<T> _problem;
    private AttentionGradients<T> _gradients;
    private nint _batchesAtOnce, _headsAtOnce, _parts;
    private T* _queryParts;

    /// <summary>Solves the problem on all threads.</summary>
    public static void Run(in AttentionProblem<T> problem, in AttentionGradients<T> gradients)
    {
        // Items must not add to the same element of the mask's gradient.
        bool masked = gradients.Mask.Pointer != null;
        AttentionBackward<V, T> job = new()
        {
            _problem = problem, _gradients = gradients,
            _batchesAtOnce = masked && gradients.Mask.Batch == 0 ? problem.Batch : 1,
            _headsAtOnce = masked && gradients.Mask.Head == 0 ? problem.KeyHeads : 1,
        };
        bool keysShared = masked && gradients.Mask.Column == 0;
        nint items = job.Items, blocks = Partition.Parts(problem.Keys, AttentionScores<V, T>.KeysPerBlock);
        if (items == 0) return;
        nint wanted = keysShared ? 1 : Partition.Parts(EnoughItems, items);
        job._parts = Math.Max(1, Math.Min(Math.Min(wanted, MostParts), blocks));

        nint size = problem.Batch * problem.Heads * problem.Queries * problem.HeadSize;
        using Scratch.Loan<T> parts = Scratch.Rent<T>(job._parts > 1 ? job._parts * size : 0);
        job._queryParts = parts.Pointer;
        nint cost = Math.Max(1, problem.Queries * problem.Keys / job._parts * problem.HeadSize / 4 * problem.Group);
        CpuThreadPool.For(items * job._parts, CpuThreadPool.GrainFor(cost), job);
        if (job._parts == 1) return;
        nint grain = CpuThreadPool.GrainFor(problem.Queries * problem.HeadSize * job._parts);
        CpuThreadPool.For(problem.Batch * problem.Heads, grain, new AddParts { Job = job });
    }

    public readonly void Execute(nint begin, nint end)
    {
        nint heads = _problem.KeyHeads / _headsAtOnce;
        for (nint i = begin; i < end; i++)
        {
            (nint item, nint part) = Math.DivRem(i, _parts);
            nint batch = item / heads * _batchesAtOnce, head = item % heads * _headsAtOnce;
            for (nint b = batch; b < batch + _batchesAtOnce; b++)
                for (nint h = head; h < head + _headsAtOnce; h++) RunKeys(b, h, part);
        }
    }

    private readonly nint Items => _problem.Batch / _batchesAtOnce * (_problem.KeyHeads / _headsAtOnce);

    private readonly void RunKeys(nint batch, nint keyHead, nint part)
    {
        nint blocks = Partition.Parts(_problem.Keys, AttentionScores<V, T>.KeysPerBlock);
        nint key = Partition.Begin(blocks, _parts, part) * AttentionScores<V, T>.KeysPerBlock;
        nint keyEnd = Math.Min(_problem.Keys, Partition.Begin(blocks, _parts, part + 1) * AttentionScores<V, T>.KeysPerBlock);

        AttentionBackwardTile<V, T> tile = new(_problem, _gradients, batch, keyHead, key, keyEnd);
        using Scratch.Loan<T> memory = Scratch.Rent<T>(tile.WorkingSize);
        tile.Begin(memory.Pointer);
        for (nint head = keyHead * _problem.Group; head < (keyHead + 1) * _problem.Group; head++)
        {
            tile.SelectHead(head);
            HeadView<T> gradient = QueryGradient(part);
            for (nint query = 0; query < _problem.Queries; query += AttentionBackwardTile<V, T>.QueriesPerTile)
            {
                nint end = Math.Min(query + AttentionBackwardTile<V, T>.QueriesPerTile, _problem.Queries);
                tile.RunQueries(query, end, gradient.At(batch, head), gradient.Row);
            }
        }

        tile.WriteKeyAndValue();
    }

    private readonly HeadView<T> QueryGradient(nint part)
    {
        nint size = _problem.Batch * _problem.Heads * _problem.Queries * _problem.HeadSize;
        if (_parts == 1) return _gradients.Query;
        return HeadView<T>.Dense(_queryParts + part * size, _problem.Heads, _problem.Queries, _problem.HeadSize);
    }

    private struct AddParts : IParallelJob
    {
        public AttentionBackward<V, T> Job;

        public readonly void Execute(nint begin, nint end)
        {
            int size = (int)Job._problem.HeadSize;
            for (nint i = begin; i < end; i++)
            {
                (nint batch, nint head) = Math.DivRem(i, Job._problem.Heads);
                HeadView<T> to = Job._gradients.Query;
                for (nint part = 0; part < Job._parts; part++)
                {
                    HeadView<T> from = Job.QueryGradient(part);
                    for (nint query = 0; query < Job._problem.Queries; query++)
                    {
                        T* sum = to.At(batch, head) + query * to.Row, add = from.At(batch, head) + query * from.Row;
                        if (part == 0) new Span<T>(add, size).CopyTo(new Span<T>(sum, size));
                        else Elementwise.Zip<T, AddOperator>(sum, add, sum, size);
                    }
                }
            }
        }
    }

    private readonly struct AddOperator : IBinaryOperator<T>
    {
        public W Invoke<W>(W x, W y) where W : unmanaged, ISimd<W, T> => x + y;
    }
}
