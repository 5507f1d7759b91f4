using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>A row of <c>weight</c> [rows, features] for each id (torch.nn.Embedding).</summary>
public sealed class Embedding : Module
{
    private readonly int? _paddingIdx;

    /// <summary>Draws from normal(0, 1); the padding row, if there is one, is 0 and gets no gradient.</summary>
    public Embedding(int rows, int features, int? paddingIdx = null)
    {
        _paddingIdx = paddingIdx;
        Weight = AddParameter("weight", [rows, features]);
        Init.Normal(Weight);
        ZeroPaddingRow();
    }

    /// <summary>[rows, features].</summary>
    public Parameter Weight { get; }

    /// <summary>Sets the padding row, if there is one, to 0.</summary>
    public void ZeroPaddingRow()
    {
        if (_paddingIdx is not { } row) return;
        var view = Weight.Value.WithLayout(Weight.Value.Layout.Select(0, row));
        Kernels.Backend.For(view).Fill(view, 0);
        view.MarkChanged();
    }

    /// <summary>ids […] → […, features].</summary>
    public Tensor Forward(Tensor ids) => Hooked(ids, Weight.Value.Embedding(ids, _paddingIdx));
}
