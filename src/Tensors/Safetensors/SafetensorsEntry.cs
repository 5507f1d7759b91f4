namespace NativeTrainer.Tensors;

/// <summary>What a safetensors file says of one tensor.</summary>
/// <param name="Name">Its name; unique in the file.</param>
/// <param name="DType">The type of its elements.</param>
/// <param name="Shape">Its shape; the elements stand in row-major order.</param>
/// <param name="Begin">Its first byte, counted from the end of the header.</param>
/// <param name="End">The byte after its last.</param>
public sealed record SafetensorsEntry(string Name, DType DType, Shape Shape, long Begin, long End);
