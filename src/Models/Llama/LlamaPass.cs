using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>What all layers share in one forward pass: where the positions are and what each may see.</summary>
/// <param name="Rotary">The tables of cosines and sines.</param>
/// <param name="PositionIds">[batch or 1, length].</param>
/// <param name="Length">All positions, those of the past counted.</param>
/// <param name="Mask">For layers that see everything before them.</param>
/// <param name="WindowMask">For layers with a sliding window.</param>
internal readonly record struct LlamaPass(
    RotaryTables Rotary, Tensor PositionIds, long Length, LlamaMask Mask, LlamaMask WindowMask);
