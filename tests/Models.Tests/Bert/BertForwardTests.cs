using NativeTrainer.Autograd;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Bert;

/// <summary>Logits, loss, hidden states, attention weights and every gradient as Hugging Face computes them.</summary>
public class BertForwardTests
{
    private static IEnumerable<string> Names => BertModels.Tasks.Keys;

    private static IEnumerable<TestCaseData> Cases =>
        from name in Names
        from entry in ForwardGolden.Cases(name)
        from dtype in new[] { DType.Float32, DType.Float64 }
        select new TestCaseData(name, entry, dtype);

    [TestCaseSource(nameof(Cases))]
    public void LogitsLossAndGradientsAreHuggingFaces(string name, string entry, DType dtype)
    {
        var (golden, model) = (new ForwardGolden(name), BertModels.Make(name, dtype));
        if (golden.Case(entry).TryGetProperty("problem_type", out var type)) model.Config.ProblemType = type.GetString();
        golden.Check(model, entry, dtype);
        if (entry != "right") return;
        var told = name switch { "bert-tiny" => "single_label_classification", "bert-regression-tiny" => "regression", _ => null };
        Assert.That(model.Config.ProblemType, Is.EqualTo(told), "problem_type after the first labels");
    }

    [Test]
    public void CheckpointingChangesNoGradient([ValueSource(nameof(Names))] string name)
    {
        var model = BertModels.Make(name, DType.Float64);
        model.Train();
        model.EnableGradientCheckpointing();
        new ForwardGolden(name).Check(model, "right", DType.Float64);
    }

    [Test]
    public void HiddenStatesAndAttentionsAreHuggingFaces(
        [ValueSource(nameof(Names))] string name, [Values(DType.Float32, DType.Float64)] DType dtype, [Values] bool byConfiguration)
    {
        var (model, golden) = ((BertWithHead)BertModels.Make(name, dtype), new ForwardGolden(name));
        var inputs = golden.Inputs("right", dtype);
        (model.Config.OutputHiddenStates, model.Config.OutputAttentions) = (byConfiguration, byConfiguration);
        var output = byConfiguration
            ? model.Forward(inputs)
            : model.Forward(
                new BertInputs
                {
                    InputIds = inputs["input_ids"], AttentionMask = inputs["attention_mask"], TokenTypeIds = inputs["token_type_ids"],
                    OutputHiddenStates = true, OutputAttentions = true,
                },
                inputs["labels"]);
        Lists("hidden_states", output.HiddenStates, 3);
        Lists("attentions", output.Attentions, 2);
        golden.Check(model, "right", dtype, output);

        void Lists(string what, IReadOnlyList<Tensor>? list, int count)
        {
            Assert.That(list, Has.Count.EqualTo(count), what);
            for (var i = 0; i < count; i++)
            {
                Near.Check(list![i], golden[$"right.{what}.{i}"], ForwardGolden.Tolerance(dtype), $"{what} {i}");
            }
        }
    }

    [Test]
    public void TheModelWithoutAHeadGivesStatesAndAPooledVector()
    {
        List<string> warnings = [];
        var model = (BertModel)AutoModel.FromPretrained(ModelGoldens.Model("bert-tiny"), AutoModel.BaseModel, warn: warnings.Add);
        Assert.That(warnings.Single(), Does.Contain("classifier.bias, classifier.weight"));
        var golden = new ForwardGolden("bert-tiny");
        var output = model.Forward(golden.Inputs("right", DType.Float32).Without("labels"));
        Near.Check(output.LastHiddenState!.Value, golden["right.hidden_states.2"], 1e-5, "last hidden state");
        Assert.That(output.Items().Select(item => item.Name), Is.EqualTo(new[] { "last_hidden_state", "pooler_output" }));
        var classifier = (BertForSequenceClassification)BertModels.Make("bert-tiny");
        var weights = classifier.StateDict();
        var logits = output.Items().Last().Tensor.Linear(weights["classifier.weight"], weights["classifier.bias"]);
        Near.Check(logits, golden["right.logits"], 1e-5, "logits of the pooled vector");
        var plain = new BertModel(BertConfig.FromPretrained(ModelGoldens.Model("bert-tiny")), addPoolingLayer: false);
        plain.Eval();
        Assert.That(plain.Forward(golden.Inputs("plain", DType.Float32).Without("labels")).Items().Count(), Is.EqualTo(1));
    }
}
