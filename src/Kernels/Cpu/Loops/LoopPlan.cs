using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// How elementwise work walks over a destination and its inputs, all of one shape: axes of size 1 are dropped, the destination's closest
/// elements come innermost, and axes that step evenly into one another in every operand are joined. The innermost axis that remains is
/// called the row.
/// </summary>
/// <remarks>Operand 0 is the destination. Steps and addresses are in bytes.</remarks>
internal unsafe struct LoopPlan
{
    public const int MaxOperands = 4;

    private fixed long _sizes[Shape.MaxRank];
    private fixed long _steps[MaxOperands * Shape.MaxRank];
    private fixed long _addresses[MaxOperands];
    private fixed byte _dtypes[MaxOperands];

    public LoopPlan(Tensor destination, params ReadOnlySpan<Tensor> inputs)
    {
        Operands = inputs.Length + 1;
        Count = destination.ElementCount;
        Take(0, destination);
        var contiguous = destination.IsContiguous;
        for (var k = 0; k < inputs.Length; k++)
        {
            Take(k + 1, inputs[k]);
            contiguous &= inputs[k].IsContiguous;
        }
        if (contiguous) JoinAll();
        else Join(destination, inputs);
    }

    public int Operands { get; }

    /// <summary>Elements in each operand.</summary>
    public long Count { get; }

    /// <summary>Axes, the row included; at least 1.</summary>
    public int Rank { get; private set; }

    public readonly nint RowLength => (nint)_sizes[Rank - 1];

    public readonly DType DType(int operand) => (DType)_dtypes[operand];

    public readonly nint RowStep(int operand) => Step(operand, Rank - 1);

    public readonly long Size(int axis) => _sizes[axis];

    public readonly nint Step(int operand, int axis) => (nint)_steps[(operand * Shape.MaxRank) + axis];

    public readonly nint Address(int operand) => (nint)_addresses[operand];

    private void Take(int operand, Tensor tensor)
    {
        (_addresses[operand], _dtypes[operand]) = (tensor.Address, (byte)tensor.DType);
    }

    private void JoinAll()
    {
        (Rank, _sizes[0]) = (1, Count);
        for (var k = 0; k < Operands; k++) _steps[k * Shape.MaxRank] = DType(k).ByteSize;
    }

    private void Join(Tensor destination, ReadOnlySpan<Tensor> inputs)
    {
        Span<int> order = stackalloc int[Shape.MaxRank];
        var count = Ordered(destination.Layout, order);
        for (var i = 0; i < count; i++)
        {
            var axis = order[i];
            Append(destination.Size(axis));
            SetStep(0, destination, axis);
            for (var k = 0; k < inputs.Length; k++) SetStep(k + 1, inputs[k], axis);
            JoinLast();
        }
        if (Rank == 0) JoinAll(); // a single element
    }

    private void Append(long size) => _sizes[Rank++] = size;

    private void SetStep(int operand, Tensor tensor, int axis) =>
        _steps[(operand * Shape.MaxRank) + Rank - 1] = tensor.Layout.Stride(axis) * tensor.DType.ByteSize;

    // The last two axes become one where each operand steps from the end of one row to the start of the next.
    private void JoinLast()
    {
        if (Rank < 2) return;
        var last = Rank - 1;
        for (var k = 0; k < Operands; k++)
        {
            if (Step(k, last - 1) != Step(k, last) * _sizes[last]) return;
        }
        _sizes[last - 1] *= _sizes[last];
        for (var k = 0; k < Operands; k++) _steps[(k * Shape.MaxRank) + last - 1] = Step(k, last);
        Rank--;
    }

    // The axes longer than 1 by their steps, the largest first; axes that are in order already stay as they are.
    private static int Ordered(in Layout layout, Span<int> order)
    {
        var count = 0;
        for (var axis = 0; axis < layout.Shape.Rank; axis++)
        {
            if (layout.Shape[axis] == 1) continue;
            var place = count++;
            for (; place > 0 && layout.Stride(order[place - 1]) < layout.Stride(axis); place--) order[place] = order[place - 1];
            order[place] = axis;
        }
        return count;
    }
}

/// <summary>A place in a <see cref="LoopPlan"/> and the address of each operand there.</summary>
internal unsafe struct LoopCursor
{
    private readonly LoopPlan* _plan;
    private fixed long _index[Shape.MaxRank];
    private fixed long _addresses[LoopPlan.MaxOperands];

    /// <summary>At element <paramref name="element"/> in the order of the walk.</summary>
    public LoopCursor(LoopPlan* plan, long element)
    {
        _plan = plan;
        for (var k = 0; k < plan->Operands; k++) _addresses[k] = plan->Address(k);
        for (var axis = plan->Rank - 1; axis >= 0 && element > 0; axis--)
        {
            (element, _index[axis]) = Math.DivRem(element, plan->Size(axis));
            for (var k = 0; k < plan->Operands; k++) _addresses[k] += _index[axis] * plan->Step(k, axis);
        }
    }

    /// <summary>Elements from here to the end of the row.</summary>
    public readonly nint Left => _plan->RowLength - (nint)_index[_plan->Rank - 1];

    public readonly byte* Address(int operand) => (byte*)_addresses[operand];

    /// <summary>Goes <paramref name="count"/> elements on, at most to the end of the row.</summary>
    public void Advance(nint count)
    {
        var row = _plan->Rank - 1;
        for (var k = 0; k < _plan->Operands; k++) _addresses[k] += count * _plan->RowStep(k);
        _index[row] += count;
        for (var axis = row; axis > 0 && _index[axis] == _plan->Size(axis); axis--)
        {
            _index[axis] = 0;
            _index[axis - 1]++;
            for (var k = 0; k < _plan->Operands; k++)
            {
                _addresses[k] += _plan->Step(k, axis - 1) - (_plan->Size(axis) * _plan->Step(k, axis));
            }
        }
    }
}
