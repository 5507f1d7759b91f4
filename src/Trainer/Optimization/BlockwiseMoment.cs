using NativeTrainer.Checkpoints;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Optimization;

/// <summary>
/// A moment of one parameter, in 8 bits an element with a float32 for each block, or in float32 where the parameter is small; with
/// bitsandbytes' names in the file.
/// </summary>
internal sealed class BlockwiseMoment
{
    private readonly DynamicMap _map;
    private readonly string _number;

    /// <param name="parameter">Whose moment it is.</param>
    /// <param name="number">1 for state1, 2 for state2, 3 for state3.</param>
    /// <param name="isSigned">Whether it can be negative.</param>
    /// <param name="options">Which parameters are small, and the blocks.</param>
    public BlockwiseMoment(Tensor parameter, int number, bool isSigned, BlockwiseOptions options)
    {
        (_number, _map) = ($"{number}", isSigned ? DynamicMap.Signed : DynamicMap.Unsigned);
        if (parameter.ElementCount < options.MinSize)
        {
            Values = Tensor.Zeros(parameter.Shape, parameter.DType, parameter.Device);
            return;
        }
        var blocks = QuantizedState.Blocks(parameter.ElementCount, options.BlockSize);
        Quantized = new QuantizedState(
            Tensor.Zeros(parameter.Shape, DType.UInt8, parameter.Device), Tensor.Zeros([blocks], DType.Float32, parameter.Device),
            options.BlockSize);
    }

    /// <summary>The numbers themselves; not alive where they are in 8 bits.</summary>
    public Tensor Values { get; }

    /// <summary>The codes.</summary>
    public QuantizedState Quantized { get; }

    /// <summary>Whether the numbers are in 8 bits.</summary>
    public bool IsQuantized => !Values.IsAlive;

    public void Reset()
    {
        if (!IsQuantized)
        {
            Backend.For(Values).Fill(Values, 0);
            return;
        }
        Backend.For(Quantized.Codes).Fill(Quantized.Codes, 0);
        Backend.For(Quantized.AbsMax).Fill(Quantized.AbsMax, 0);
    }

    public void Write(StateDictionary state)
    {
        state.Add("state" + _number, TorchTensor.From(IsQuantized ? Quantized.Codes : Values));
        if (!IsQuantized) return;
        state.Add("qmap" + _number, TorchTensor.From(_map.Values, [256]));
        state.Add("absmax" + _number, TorchTensor.From(Quantized.AbsMax));
    }

    public void Read(StateDictionary state)
    {
        var name = "state" + _number;
        var isQuantized = state.Tensor(name).DType == DType.UInt8;
        if (isQuantized != IsQuantized)
        {
            throw state.Wrong($"has {name} in {(isQuantized ? "8 bits" : "float32")}, expected {(IsQuantized ? "8 bits" : "float32")}");
        }
        Optimizer.Read(state, name, IsQuantized ? Quantized.Codes : Values);
        if (!IsQuantized) return;
        if (state.Contains("qmap" + _number) && !state.Tensor("qmap" + _number).ToArray<float>().AsSpan().SequenceEqual(_map.Values))
        {
            throw state.Wrong($"has another qmap{_number} than the dynamic one of 256 numbers");
        }
        Optimizer.Read(state, "absmax" + _number, Quantized.AbsMax);
    }
}

/// <summary>How states of 8 bits are kept; the defaults are bitsandbytes' (blocks were of 2048 up to its version 0.44).</summary>
public readonly record struct BlockwiseOptions()
{
    /// <summary>Parameters of fewer elements keep float32 states.</summary>
    public int MinSize { get; init; } = 4096;

    /// <summary>Elements to a block.</summary>
    public int BlockSize { get; init; } = 256;
}
