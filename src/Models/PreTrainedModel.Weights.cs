using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

// From a Hugging Face folder and into one.
public abstract partial class PreTrainedModel
{
    /// <summary>
    /// How the model generates unless told otherwise; null for models that do not generate. Saved as <c>generation_config.json</c>.
    /// </summary>
    public GenerationConfig? GenerationConfig { get; set; }

    /// <summary>
    /// Writes <c>config.json</c>, <c>generation_config.json</c> and <c>model.safetensors</c> (or shards of it); each file is whole or as it
    /// was.
    /// </summary>
    /// <param name="folder">Made where it is missing. Weights of an older save in the other format are deleted: they would be read
    /// instead, or mistaken for these.</param>
    /// <param name="maxShardSize">Bytes of weights in a file.</param>
    /// <param name="safeSerialization">False writes <c>pytorch_model.bin</c> (or shards of it), which <c>torch.load</c> reads.</param>
    public void SavePretrained(
        string folder, long maxShardSize = SafetensorsModel.DefaultMaxShardSize, bool safeSerialization = true)
    {
        Directory.CreateDirectory(folder);
        (Config.Architecture, Config["torch_dtype"]) = (Architecture, DType.TorchName);
        Config.Save(folder);
        GenerationConfig?.Save(folder);

        // PyTorch's files have a shared weight under all its names, safetensors under the first.
        var weights = NamedParameters(all: !safeSerialization).Select(entry => KeyValuePair.Create(entry.Name, entry.Parameter.Value));
        if (safeSerialization)
        {
            SafetensorsModel.Save(folder, weights, maxShardSize);
            TorchModel.DeleteFrom(folder);
        }
        else
        {
            TorchModel.Save(folder, weights, maxShardSize);
            SafetensorsModel.DeleteFrom(folder);
        }
    }

    /// <summary>
    /// Reads the weights of a folder into the parameters of the same names, converting dtypes. Names may have, or lack, the
    /// <see cref="BaseModelPrefix"/>.
    /// </summary>
    /// <returns>Parameters that the folder has no weights for (they keep their values), and names in the folder that the model does not
    /// have.</returns>
    /// <exception cref="SafetensorsException">A broken file, or a tensor whose shape or dtype does not fit; nothing is changed
    /// then.</exception>
    /// <exception cref="TorchFileException">The same of PyTorch's files.</exception>
    /// <exception cref="FileNotFoundException">The folder has no weights.</exception>
    public LoadResult LoadWeights(string folder) => LoadWeights(folder, initializeMissing: false);

    /// <summary>
    /// As <see cref="LoadWeights(string)"/>; modules whose weights are missing draw them first, in the order in which Hugging Face does.
    /// </summary>
    internal LoadResult LoadWeights(string folder, bool initializeMissing)
    {
        using var weights = StoredWeights.Open(folder);
        var names = FileNames(weights.Names);
        var parameters = NamedParameters(all: true).ToArray();
        foreach (var (name, parameter) in parameters)
        {
            if (names.TryGetValue(name, out var stored)) CheckFits(weights, stored, parameter);
        }
        var given = parameters.Where(entry => names.ContainsKey(entry.Name)).Select(entry => entry.Parameter).ToHashSet();
        if (initializeMissing) InitializeWeights(this, Loaded(given));
        foreach (var (name, parameter) in parameters)
        {
            if (names.TryGetValue(name, out var stored)) parameter.CopyFrom(weights.Read(stored));
        }
        var known = parameters.Select(entry => entry.Name).ToHashSet();
        var missing = parameters.Where(entry => !given.Contains(entry.Parameter)).Select(entry => entry.Name);
        var unexpected = names.Where(entry => !known.Contains(entry.Key) && !IsBuffer(entry.Key)).Select(entry => entry.Value);
        return new LoadResult([.. missing], [.. unexpected.Order(StringComparer.Ordinal)]);
    }

    /// <summary>
    /// Whether a name in a file is that of a constant, which earlier versions saved with the weights: it is passed over in silence.
    /// </summary>
    protected virtual bool IsBuffer(string name) => false;

    private static void CheckFits(StoredWeights weights, string stored, Parameter parameter)
    {
        var (shape, dtype) = weights.Describe(stored);
        if (shape != parameter.Shape) throw weights.Unfit(stored, $"has shape {shape}, expected {parameter.Shape}");
        if (!dtype.IsFloatingPoint || dtype.ByteSize == 1)
        {
            throw weights.Unfit(stored, $"has dtype {dtype.TorchName}, expected float32, float16, bfloat16 or float64");
        }
    }

    // From names in the model to names in the file, which may be those of a model with a head where this has none, or the other way round.
    private Dictionary<string, string> FileNames(IReadOnlyList<string> stored)
    {
        var prefix = BaseModelPrefix + ".";
        var own = NamedParameters(all: true).Select(entry => entry.Name).ToHashSet();
        var (fileHasPrefix, modelHasPrefix) = (stored.Any(HasPrefix), own.Any(HasPrefix));
        return stored.ToDictionary(given => (fileHasPrefix, modelHasPrefix, Modern(given)) switch
        {
            (true, false, var name) when HasPrefix(name) => name[prefix.Length..],
            (true, false, var name) => $"{name} (of a head)", // not a name of this model, whatever it is
            (false, true, var name) when !own.Contains(name) => prefix + name,
            (_, _, var name) => name,
        });

        // What norms were called in the first checkpoints, made from TensorFlow's.
        static string Modern(string name) =>
            name.EndsWith(".gamma", StringComparison.Ordinal) ? $"{name[..^"gamma".Length]}weight"
            : name.EndsWith(".beta", StringComparison.Ordinal) ? $"{name[..^"beta".Length]}bias"
            : name;

        bool HasPrefix(string name) => name.StartsWith(prefix, StringComparison.Ordinal);
    }

    // The modules that need no initial weights: all of theirs are given, or shared with the embedding.
    private HashSet<Module> Loaded(HashSet<Parameter> given)
    {
        var loaded = NamedModules().Select(entry => entry.Module).Where(module => module.Parameters().All(given.Contains)).ToHashSet();
        if (Config.TieWordEmbeddings && OutputEmbeddings is { Bias: null } output) loaded.Add(output);
        return loaded;
    }
}
