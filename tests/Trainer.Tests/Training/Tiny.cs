using System.Text.Json;
using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Training;

/// <summary>The model and the rows that the real Trainer was recorded with.</summary>
internal static class Tiny
{
    private static readonly Lazy<IDataset> TrainRows = new(() => Rows("lm-train")), EvalRows = new(() => Rows("lm-eval"));

    /// <summary>The 203 rows of lm-train, of 32 tokens each.</summary>
    public static IDataset Train => TrainRows.Value;

    /// <summary>The rows of lm-eval.</summary>
    public static IDataset Eval => EvalRows.Value;

    /// <summary>gpt2-tiny with its weights.</summary>
    public static PreTrainedModel Model() => AutoModel.FromPretrained(Golden.Path("gpt2-tiny"), AutoModel.CausalLanguageModel);

    /// <summary>gpt2-tiny made anew, with dropout.</summary>
    public static PreTrainedModel ModelWithDropout(double probability)
    {
        var config = AutoModel.ConfigFromPretrained(Golden.Path("gpt2-tiny"));
        (config["resid_pdrop"], config["embd_pdrop"], config["attn_pdrop"]) = (probability, probability, probability);
        return AutoModel.FromPretrained(Golden.Path("gpt2-tiny"), AutoModel.CausalLanguageModel, config);
    }

    public static IDataset Rows(string name) =>
        DatasetFiles.Load([Golden.Path($"data/{name}.jsonl")], new() { Columns = ["input_ids", "labels"] });

    /// <summary>The rows as a stream that does not say how many they are.</summary>
    public static IIterableDataset Endless(IDataset rows) => DatasetStream.Of(rows.Columns, _ => rows.AsStream().Rows());

    /// <summary>Arguments by Hugging Face's names.</summary>
    public static TrainingArguments Arguments(string outputDir, params IEnumerable<(string Name, object? Value)> given)
    {
        var values = new OrderedDictionary<string, object?> { ["output_dir"] = outputDir, ["disable_tqdm"] = true, ["report_to"] = "none" };
        foreach (var (name, value) in given) values[name] = value;
        var args = new TrainingArguments("");
        new HfArgumentParser(args).ParseDict(values);
        return args;
    }

    /// <summary>The arguments of a golden.</summary>
    public static IEnumerable<(string Name, object? Value)> Given(JsonElement arguments) =>
        Golden.Map(arguments).Select(entry => (entry.Key, entry.Value));

    /// <summary>Takes out of a checkpoint what Hugging Face would not have written: it then resumes as it would there.</summary>
    public static void AsOfHuggingFace(string? checkpoint)
    {
        if (checkpoint is not null) File.Delete(Path.Combine(checkpoint, "nativetrainer.safetensors"));
    }

    /// <summary>Every weight by name.</summary>
    public static Dictionary<string, float[]> Weights(PreTrainedModel model) =>
        model.NamedParameters().ToDictionary(entry => entry.Name, entry => entry.Parameter.Value.ToArray<float>());

    /// <summary>Every weight of a safetensors file by name.</summary>
    public static Dictionary<string, float[]> Weights(string file)
    {
        var weights = SafetensorsFile.Open(file);
        return weights.Names.ToDictionary(name => name, name => weights[name].ToArray<float>());
    }

    /// <summary>The greatest difference of a weight; fails where names or sizes differ.</summary>
    public static double Distance(Dictionary<string, float[]> ours, Dictionary<string, float[]> theirs)
    {
        Assert.That(ours.Keys, Is.EquivalentTo(theirs.Keys));
        return ours.Max(entry => entry.Value.Zip(theirs[entry.Key], (a, b) => Math.Abs((double)a - b)).Max());
    }
}
