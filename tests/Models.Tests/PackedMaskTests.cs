using NativeTrainer.Autograd;
using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests;

/// <summary>Texts that share a row do not see each other.</summary>
public sealed class PackedMaskTests
{
    private static readonly long[] First = [5, 9, 33, 7, 12], Second = [40, 3, 21, 60, 8, 15, 2];

    [TestCase("gpt2-tiny")]
    [TestCase("llama-tiny")]
    [TestCase("mistral-tiny")]
    public void Logits_of_a_packed_text_are_those_of_the_text_alone(string name)
    {
        var model = Model(name);
        using var silent = NoGrad.Enter();
        var (first, second) = (Alone(model, First), Alone(model, Second));
        var packed = model.Forward(Packed([.. First, .. Second, 0, 0], [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 0, 0])).Logits.ToArray<float>();
        var vocabulary = first.Length / First.Length;
        Assert.That(Distance(packed.AsSpan(0, first.Length), first), Is.LessThan(1e-5));
        Assert.That(Distance(packed.AsSpan(First.Length * vocabulary, second.Length), second), Is.LessThan(1e-5));
        var joined = model.Forward(Packed([.. First, .. Second], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])).Logits.ToArray<float>();
        Assert.That(Distance(joined.AsSpan(First.Length * vocabulary, second.Length), second), Is.GreaterThan(1e-3), "the mask is at work");
    }

    [TestCase("gpt2-tiny")]
    [TestCase("llama-tiny")]
    public void Gradients_of_packed_texts_are_those_of_the_texts(string name)
    {
        var (apart, together) = (Model(name), Model(name));
        foreach (var text in new[] { First, Second })
        {
            var loss = apart.Forward(new Batch { ["input_ids"] = Row(text), ["labels"] = Row(text) }).Loss!.Value;
            (loss * (text.Length - 1.0)).Backward();
        }
        var batch = Packed([.. First, .. Second], [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2]);
        batch["labels"] = Row([-100, .. First[1..], -100, .. Second[1..]]);
        (together.Forward(batch).Loss!.Value * (First.Length + Second.Length - 2.0)).Backward();
        foreach (var (one, two) in apart.NamedParameters().Zip(together.NamedParameters()))
        {
            var (ours, theirs) = (two.Parameter.Grad!.Value.ToArray<float>(), one.Parameter.Grad!.Value.ToArray<float>());
            Assert.That(Distance(ours, theirs), Is.LessThan(1e-4), one.Name);
        }
    }

    private static PreTrainedModel Model(string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Goldens", "models", name);
        return AutoModel.FromPretrained(folder, AutoModel.CausalLanguageModel);
    }

    private static float[] Alone(PreTrainedModel model, long[] text) =>
        model.Forward(new Batch { ["input_ids"] = Row(text) }).Logits.ToArray<float>();

    // Positions begin anew where the number of the text changes.
    private static Batch Packed(long[] ids, long[] texts)
    {
        var positions = new long[ids.Length];
        for (var i = 1; i < ids.Length; i++) positions[i] = texts[i] == texts[i - 1] ? positions[i - 1] + 1 : 0;
        return new Batch { ["input_ids"] = Row(ids), ["attention_mask"] = Row(texts), ["position_ids"] = Row(positions) };
    }

    private static Tensor Row(long[] values) => Tensor.From(values, [1, values.Length]);

    private static double Distance(ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs)
    {
        var greatest = 0.0;
        for (var i = 0; i < theirs.Length; i++) greatest = Math.Max(greatest, Math.Abs((double)ours[i] - theirs[i]));
        return greatest;
    }
}
