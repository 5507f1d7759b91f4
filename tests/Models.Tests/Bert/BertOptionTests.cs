using NativeTrainer.Autograd;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Bert;

/// <summary>Fields and arguments that the goldens leave at their defaults, files, and inputs that do not fit.</summary>
public class BertOptionTests
{
    private static readonly Tensor Ids = Tensor.From(new long[] { 5, 17, 200, 31, 8, 9, 77, 3 }, [2, 4]);

    [TestCase("bert-tiny")]
    [TestCase("bert-mlm-tiny")]
    [TestCase("bert-tok-tiny")]
    [TestCase("bert-regression-tiny")]
    public void AFolderComesBackByteForByte(string name)
    {
        using var folder = new TemporaryFolder();
        var tiny = ModelGoldens.Model(name);
        var model = BertModels.Make(name);
        model.Config.NameOrPath = "";
        model.SavePretrained(folder.Path);
        foreach (var file in Directory.GetFiles(tiny))
        {
            Assert.That(File.ReadAllBytes(folder[Path.GetFileName(file)]), Is.EqualTo(File.ReadAllBytes(file)), Path.GetFileName(file));
        }
        Assert.That(File.Exists(folder["generation_config.json"]), Is.EqualTo(name == "bert-mlm-tiny"));
        var read = AutoModel.FromPretrained(folder.Path, BertModels.Tasks[name], warn: message => Assert.Fail(message));
        foreach (var (one, other) in model.Parameters().Zip(read.Parameters()))
        {
            Assert.That(other.Value.ToArray<float>(), Is.EqualTo(one.Value.ToArray<float>()));
        }
    }

    [Test]
    public void NamesOfTheFirstCheckpointsAndBuffersAreRead()
    {
        using var folder = new TemporaryFolder();
        var model = BertModels.Make("bert-tiny");
        var weights = model.NamedParameters().ToDictionary(
            entry => entry.Name.Replace("LayerNorm.weight", "LayerNorm.gamma").Replace("LayerNorm.bias", "LayerNorm.beta"),
            entry => entry.Parameter.Value);
        weights["bert.embeddings.position_ids"] = Tensor.Zeros([1, 64], DType.Int64);
        SafetensorsModel.Save(folder.Path, weights);
        model.Config.Save(folder.Path);
        var read = AutoModel.FromPretrained(folder.Path, AutoModel.SequenceClassification, warn: message => Assert.Fail(message));
        var batch = new Batch { ["input_ids"] = Ids };
        Near.Check(read.Forward(batch).Logits, model.Forward(batch).Logits, 0, "logits");
    }

    [TestCase("hidden_dropout_prob")]
    [TestCase("attention_probs_dropout_prob")]
    [TestCase("classifier_dropout")]
    public void DropoutIsActiveInTrainingAlone(string field)
    {
        var model = BertModels.Make("bert-tok-tiny", change: config => config.Set(field, 0.5));
        var inputs = new Batch { ["input_ids"] = Ids, ["labels"] = Ids.Clamp(max: 4) };
        var expected = BertModels.Make("bert-tok-tiny").Forward(inputs).Logits;
        Near.Check(model.Forward(inputs).Logits, expected, 1e-7, "evaluation");
        model.Train();
        Assert.That(model.Forward(inputs).Logits.ToArray<float>(), Is.Not.EqualTo(model.Forward(inputs).Logits.ToArray<float>()));
        var (plain, again) = (Gradients(), Gradients(checkpointing: true));
        foreach (var (name, gradient) in plain) Assert.That(again[name], Is.EqualTo(gradient), name);

        Dictionary<string, float[]> Gradients(bool checkpointing = false)
        {
            if (checkpointing) model.EnableGradientCheckpointing();
            model.ZeroGrad();
            RandomState.ManualSeed(3);
            model.Forward(inputs).Loss!.Value.Backward();
            return model.NamedParameters().ToDictionary(entry => entry.Name, entry => entry.Parameter.Grad!.Value.ToArray<float>());
        }
    }

    [Test]
    public void EmbeddingsAndAMaskForEachQueryMayBeGiven()
    {
        var model = BertModels.Make("bert-tok-tiny");
        var mask = Tensor.From(new long[] { 1, 1, 1, 0, 0, 1, 1, 1 }, [2, 4]);
        var plain = model.Forward(new Batch { ["input_ids"] = Ids, ["attention_mask"] = mask });
        var seen = mask.ToArray<long>();
        var other = model.Forward(new Batch
        {
            ["inputs_embeds"] = model.InputEmbeddings.Forward(Ids),
            ["attention_mask"] = Tensor.From(Enumerable.Range(0, 32).Select(i => seen[(i / 16 * 4) + (i % 4)]).ToArray(), [2, 4, 4]),
            ["token_type_ids"] = Tensor.Zeros([2, 4], DType.Int64),
            ["position_ids"] = Tensor.From(new long[] { 0, 1, 2, 3 }, [1, 4]),
        });
        Near.Check(other.Logits, plain.Logits, 1e-6, "logits");
    }

    [Test]
    public void AnswersAreScoredByTheirEnds()
    {
        var model = (BertForQuestionAnswering)BertModels.Make("bert-tiny", task: AutoModel.QuestionAnswering);
        Assert.That(model.DefaultLabelNames, Is.EqualTo(new[] { "start_positions", "end_positions" }));
        var (starts, ends) = (Tensor.From(new long[] { 1, 7 }, [2]), Tensor.From(new long[] { 2, 0 }, [2, 1]));
        var output = model.Forward(new Batch { ["input_ids"] = Ids, ["start_positions"] = starts, ["end_positions"] = ends });
        Assert.That(output.Items().Select(item => item.Name), Is.EqualTo(new[] { "loss", "start_logits", "end_logits" }));
        double[] start = Near.Doubles(output.StartLogits.LogSoftmax(-1)), end = Near.Doubles(output.EndLogits.LogSoftmax(-1));
        var expected = (-start[1] - ((end[2] + end[4]) / 2)) / 2; // 7 is outside the second text, so does not count
        Near.Check(Near.Doubles(output.Loss!.Value)[0], expected, 1e-5, "loss");
        output.Loss!.Value.Backward();
        Assert.That(model.NamedParameters().Last().Name, Is.EqualTo("qa_outputs.bias"));
        Assert.That(
            () => BertModels.Make("bert-tok-tiny", task: AutoModel.QuestionAnswering),
            Throws.InstanceOf<ConfigurationException>().With.Message.Contains("id2label has 5 labels, expected 2"));
    }

    [Test]
    public void LabelsThatAreNumbersMayBeWholeOnes()
    {
        var (whole, real) = (Tensor.From(new long[] { 3, 0 }, [2]), Tensor.From([3f, 0f], [2]));
        var model = BertModels.Make("bert-regression-tiny");
        var (one, other) = (Loss(whole), Loss(real));
        Assert.That(one, Is.EqualTo(other));
        model = BertModels.Make("bert-tiny", change: config => config.ProblemType = "regression");
        Assert.That(() => Loss(real), Throws.ArgumentException.With.Message.Contains("labels are [2, 2], numbers to come near"));
        Assert.That(Loss(Tensor.From([3f, 0f, 1f, 2f], [2, 2])), Is.GreaterThan(0));
        model = BertModels.Make("bert-tiny", change: config => config.ProblemType = "multi_label_classification");
        Assert.That(() => Loss(whole), Throws.ArgumentException.With.Message.Contains("labels are [2, 2], 1 for each class"));
        Assert.That(
            Loss(Tensor.From(new long[] { 1, 0, 1, 1 }, [2, 2])), Is.EqualTo(Loss(Tensor.From([1f, 0f, 1f, 1f], [2, 2]))));
        model = BertModels.Make("bert-tiny");
        Assert.That(() => Loss(whole), Throws.InstanceOf<ArgumentException>().With.Message.Contains("3"));

        float Loss(Tensor labels) => model.Forward(new Batch { ["input_ids"] = Ids, ["labels"] = labels }).Loss!.Value.Item<float>();
    }

    [Test]
    public void AStepAllocatesItsOutputAlone()
    {
        var model = BertModels.Make("bert-tiny", change: config => config.HiddenDropout = config.AttentionDropout = 0.1);
        model.Train();
        var mask = Tensor.From(new long[] { 1, 1, 1, 0, 1, 1, 1, 1 }, [2, 4]);
        var batch = new Batch { ["input_ids"] = Ids, ["attention_mask"] = mask, ["labels"] = Tensor.From(new long[] { 0, 1 }, [2]) };
        var pool = new TensorPool();
        Assert.That(Allocations.OfTen(Step), Is.LessThanOrEqualTo(10 * 120), "bytes of ten steps, each with one ModelOutput");

        void Step()
        {
            using var scope = pool.Enter();
            model.Forward(batch).Loss!.Value.Backward();
        }
    }

    [Test]
    public void WhatDoesNotFitIsRefused()
    {
        var model = BertModels.Make("bert-tiny");
        Refused(new Batch { ["labels"] = Ids }, "BERT takes either input_ids or inputs_embeds");
        Refused(new Batch { ["input_ids"] = Ids, ["head_mask"] = Ids }, "the batch also has head_mask");
        Refused(new Batch { ["input_ids"] = Ids, ["attention_mask"] = Ids.Slice(1, 0, 3) }, "attention_mask is whole numbers");
        Refused(new Batch { ["input_ids"] = Ids, ["labels"] = Ids }, "labels are [2], the classes of the texts");
        Refused(
            new Batch { ["input_ids"] = Tensor.Zeros([1, 65], DType.Int64) },
            "65 positions are more than max_position_embeddings, which is 64");
        foreach (var (field, value) in new[]
        {
            ("position_embedding_type", (object)"relative_key"), ("is_decoder", true), ("add_cross_attention", true),
            ("hidden_act", "sine"),
            ("num_attention_heads", 5), ("classifier_dropout", 1.0), ("pad_token_id", 1000), ("problem_type", "ranking"),
        })
        {
            Assert.That(
                () => BertModels.Make("bert-tiny", change: config => config.Set(field, value)),
                Throws.InstanceOf<ConfigurationException>().With.Message.Contains(field).Or.Message.Contains("hidden_size"));
        }

        void Refused(Batch batch, string message) =>
            Assert.That(() => model.Forward(batch), Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));
    }
}
