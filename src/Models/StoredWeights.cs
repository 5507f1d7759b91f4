using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>The weights in a Hugging Face folder, whichever format they are in: safetensors first, PyTorch's files otherwise.</summary>
internal abstract class StoredWeights : IDisposable
{
    /// <summary>The names of all tensors.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>Opens a folder's weights.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">It has no weights.</exception>
    public static StoredWeights Open(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"{folder}: no such folder, expected one with {SafetensorsModel.FileName}");
        }
        if (SafetensorsModel.ExistsIn(folder)) return new InSafetensors(SafetensorsModel.Open(folder));
        if (TorchModel.ExistsIn(folder)) return new InTorch(TorchModel.Open(folder));
        throw new FileNotFoundException(
            $"{folder}: has no weights, expected {SafetensorsModel.FileName} or {TorchModel.FileName}, or an index of several files", folder);
    }

    /// <summary>A tensor's sizes and type, without its bytes.</summary>
    public abstract (Shape Shape, DType DType) Describe(string name);

    /// <summary>A tensor's numbers, contiguous.</summary>
    public abstract Tensor Read(string name);

    /// <summary>The error for a tensor that does not fit.</summary>
    public abstract Exception Unfit(string name, string problem);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    private sealed class InSafetensors(SafetensorsModel model) : StoredWeights
    {
        public override IReadOnlyList<string> Names => model.Names;

        public override (Shape Shape, DType DType) Describe(string name) =>
            model.Entry(name) is var entry ? (entry.Shape, entry.DType) : default;

        public override Tensor Read(string name) => model[name];

        public override Exception Unfit(string name, string problem) => new SafetensorsException(model.Path, name, problem);
    }

    private sealed class InTorch(TorchModel model) : StoredWeights
    {
        public override IReadOnlyList<string> Names => model.Names;

        public override (Shape Shape, DType DType) Describe(string name) => (model[name].Shape, model[name].DType);

        public override Tensor Read(string name) => model[name].ToTensor();

        public override Exception Unfit(string name, string problem) => new TorchFileException(model.Path, $"tensor '{name}' {problem}");

        public override void Dispose() => model.Dispose();
    }
}
