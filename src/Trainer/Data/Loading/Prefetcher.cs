using System.Runtime.ExceptionServices;
using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Data;

/// <summary>
/// Threads that collate batches ahead, <c>dataloader_num_workers</c> of them: the batches come in the order of the pass, and what goes
/// wrong with one is thrown when its turn comes.
/// </summary>
internal sealed class Prefetcher : IDisposable
{
    private readonly Lock _sourceLock = new(); // rows are taken by one thread at a time
    private readonly object _state = new();
    private readonly Thread[] _threads;
    private readonly Slot[] _slots; // batch i of a pass goes through slot i mod their number
    private readonly Func<IDataset, ReadOnlyMemory<int>, Batch> _collate;
    private BatchSource? _source;
    private ulong _seed;
    private long _taken, _consumed; // batches of this pass: begun by a worker, asked for by the training
    private int _busy;
    private bool _hasEnded, _isDisposed;

    /// <param name="workers">How many threads.</param>
    /// <param name="ahead">How many batches each of them may be ahead.</param>
    /// <param name="collate">Makes a batch; runs on the threads.</param>
    public Prefetcher(int workers, int ahead, Func<IDataset, ReadOnlyMemory<int>, Batch> collate)
    {
        _collate = collate;
        _slots = [.. Enumerable.Range(0, workers * ahead).Select(_ => new Slot())];
        _threads = [.. Enumerable.Range(0, workers).Select(
            i => new Thread(Work) { IsBackground = true, Name = $"nativetrainer data {i}" })];
        foreach (var thread in _threads) thread.Start();
    }

    /// <summary>Begins a pass.</summary>
    /// <param name="source">Its batches.</param>
    /// <param name="seed">With the number of the batch it seeds <see cref="TorchGenerator.Default"/> of the worker.</param>
    public void Begin(BatchSource source, ulong seed)
    {
        lock (_state)
        {
            (_source, _seed, _taken, _consumed, _hasEnded) = (source, seed, 0, 0, false);
            foreach (var slot in _slots) slot.Clear();
            Monitor.PulseAll(_state);
        }
    }

    /// <summary>The next batch of the pass, waiting until it is there; null at the end.</summary>
    public Slot? Next()
    {
        lock (_state)
        {
            if (_consumed > 0) _slots[(_consumed - 1) % _slots.Length].Clear();
            var slot = _slots[_consumed % _slots.Length];
            _consumed++;
            Monitor.PulseAll(_state);
            while (!slot.IsReady && !(_hasEnded && _consumed > _taken)) Monitor.Wait(_state);
            return slot.IsReady ? slot : null;
        }
    }

    /// <summary>Ends the pass; returns when no worker touches its rows any more.</summary>
    public void End()
    {
        lock (_state)
        {
            _source = null;
            while (_busy > 0) Monitor.Wait(_state);
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        lock (_state)
        {
            (_isDisposed, _source) = (true, null);
            Monitor.PulseAll(_state);
        }
        foreach (var thread in _threads) thread.Join();
    }

    private void Work()
    {
        using var pool = new TensorPool();
        while (Take(out var slot, out var rows, out var number))
        {
            try
            {
                if (slot.Error is null)
                {
                    TorchGenerator.Default.Seed(_seed + (ulong)number); // for a collator that draws, whichever thread it runs on
                    using var scope = pool.Enter();
                    slot.Batch.Store(_collate(rows.Dataset, rows.Rows));
                }
            }
            catch (Exception error)
            {
                slot.Error = ExceptionDispatchInfo.Capture(error);
            }
            lock (_state)
            {
                (slot.Rows, slot.IsReady) = (rows.Rows, true);
                _busy--;
                Monitor.PulseAll(_state);
            }
        }
    }

    // Waits for a batch to make; false when there will be none.
    private bool Take(out Slot slot, out BatchRows rows, out long number)
    {
        while (true)
        {
            lock (_state)
            {
                while (!_isDisposed && (_source is null || _hasEnded || _taken >= _consumed + _slots.Length - 1)) Monitor.Wait(_state);
                if (_isDisposed)
                {
                    (slot, rows, number) = (null!, default, 0);
                    return false;
                }
                _busy++;
            }
            lock (_sourceLock)
            {
                BatchSource? source;
                lock (_state)
                {
                    // Others may have taken what there was room for.
                    source = _hasEnded || _taken >= _consumed + _slots.Length - 1 ? null : _source;
                }
                var (isThere, error) = (false, (ExceptionDispatchInfo?)null);
                rows = default;
                try
                {
                    isThere = source is not null && source.Next(out rows);
                }
                catch (Exception broken)
                {
                    error = ExceptionDispatchInfo.Capture(broken); // the pass ends with the batch that could not be read
                }
                lock (_state)
                {
                    if (source is not null && !isThere) _hasEnded = true;
                    if (isThere || error is not null)
                    {
                        number = _taken++;
                        slot = _slots[number % _slots.Length];
                        slot.Error = error;
                        return true;
                    }
                    _busy--;
                    Monitor.PulseAll(_state);
                }
            }
        }
    }

    /// <summary>The place of a batch.</summary>
    internal sealed class Slot
    {
        public CollatedBatch Batch { get; } = new();

        public ReadOnlyMemory<int> Rows { get; set; }

        public ExceptionDispatchInfo? Error { get; set; }

        public bool IsReady { get; set; }

        public void Clear() => (IsReady, Error) = (false, null);
    }
}
