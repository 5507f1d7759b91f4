using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// How a reduction walks: the axes that stay and the axes that go away, each list from the largest step to the smallest and with axes
/// joined that step evenly into one another. The innermost axis in memory says whether rows are reduced or added up.
/// </summary>
/// <remarks>Steps and addresses are in bytes. The destination has the source's rank and size 1 along the reduced axes.</remarks>
internal unsafe struct ReductionPlan
{
    private AxisList _kept;
    private AxisList _reduced;

    public ReductionPlan(Tensor source, Tensor destination)
    {
        (Source, SourceType) = (source.Address, source.DType);
        (Destination, DestinationType) = (destination.Address, destination.DType);
        for (var axis = 0; axis < source.Rank; axis++)
        {
            if (source.Size(axis) == 1) continue;
            var step = source.Layout.Stride(axis) * SourceType.ByteSize;
            if (destination.Size(axis) == 1) _reduced.Insert(source.Size(axis), step, 0);
            else _kept.Insert(source.Size(axis), step, destination.Layout.Stride(axis) * DestinationType.ByteSize);
        }
        _kept.Join();
        _reduced.Join();
    }

    public nint Source { get; }

    public nint Destination { get; }

    public DType SourceType { get; }

    public DType DestinationType { get; }

    /// <summary>Results.</summary>
    public readonly long KeptCount => _kept.Count;

    /// <summary>Elements that make one result.</summary>
    public readonly long ReducedCount => _reduced.Count;

    /// <summary>Whether neighbours in memory belong to one result; else to neighbouring results.</summary>
    public readonly bool ReducesRows => _kept.Rank == 0 || (_reduced.Rank > 0 && _reduced.InnerStep <= _kept.InnerStep);

    /// <summary>Elements in a row of the innermost kept axis, bytes between them in the source and in the destination.</summary>
    public readonly nint KeptRow => (nint)_kept.InnerSize;

    /// <inheritdoc cref="KeptRow"/>
    public readonly nint KeptStep => (nint)_kept.InnerStep;

    /// <inheritdoc cref="KeptRow"/>
    public readonly nint DestinationStep => (nint)_kept.InnerOther;

    /// <summary>Elements in a row of the innermost reduced axis, and bytes between them.</summary>
    public readonly nint ReducedRow => (nint)_reduced.InnerSize;

    /// <inheritdoc cref="ReducedRow"/>
    public readonly nint ReducedStep => (nint)_reduced.InnerStep;

    /// <summary>Where the elements of result number <paramref name="result"/> start in the source, and where it goes.</summary>
    public readonly (nint Source, nint Destination) Kept(long result)
    {
        var (step, other) = _kept.Offsets(result);
        return (Source + step, Destination + other);
    }

    /// <summary>How far element number <paramref name="element"/> of a result lies from its first.</summary>
    public readonly nint Reduced(long element) => _reduced.Offsets(element).Step;

    private struct AxisList
    {
        private fixed long _sizes[Shape.MaxRank];
        private fixed long _steps[Shape.MaxRank];
        private fixed long _others[Shape.MaxRank];

        public int Rank { get; private set; }

        public readonly long InnerSize => Rank == 0 ? 1 : _sizes[Rank - 1];

        public readonly long InnerStep => Rank == 0 ? 0 : _steps[Rank - 1];

        public readonly long InnerOther => Rank == 0 ? 0 : _others[Rank - 1];

        public readonly long Count
        {
            get
            {
                var count = 1L;
                for (var i = 0; i < Rank; i++) count *= _sizes[i];
                return count;
            }
        }

        public void Insert(long size, long step, long other)
        {
            var place = Rank++;
            for (; place > 0 && _steps[place - 1] < step; place--) Move(place - 1, place);
            (_sizes[place], _steps[place], _others[place]) = (size, step, other);
        }

        public void Join()
        {
            var last = 0;
            for (var i = 1; i < Rank; i++)
            {
                if (_steps[last] == _steps[i] * _sizes[i] && _others[last] == _others[i] * _sizes[i])
                {
                    (_sizes[last], _steps[last], _others[last]) = (_sizes[last] * _sizes[i], _steps[i], _others[i]);
                }
                else
                {
                    Move(i, ++last);
                }
            }
            if (Rank > 0) Rank = last + 1;
        }

        public readonly (nint Step, nint Other) Offsets(long place)
        {
            long step = 0, other = 0;
            for (var i = Rank - 1; i >= 0 && place > 0; i--)
            {
                (place, var index) = Math.DivRem(place, _sizes[i]);
                step += index * _steps[i];
                other += index * _others[i];
            }
            return ((nint)step, (nint)other);
        }

        private void Move(int from, int to) => (_sizes[to], _steps[to], _others[to]) = (_sizes[from], _steps[from], _others[from]);
    }
}
