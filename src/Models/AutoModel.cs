using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>Makes the model that a configuration's <c>model_type</c> and a task ask for.</summary>
/// <remarks>
/// Tasks are the names of the command line's <c>--task</c>. A model of one's own joins by <see cref="Register"/>.
/// <example><code>
/// var model = AutoModel.FromPretrained("gpt2", "causal-lm", warn: Console.Error.WriteLine);
/// </code></example>
/// </remarks>
public static class AutoModel
{
    /// <summary>The task of predicting the next token.</summary>
    public const string CausalLanguageModel = "causal-lm";

    /// <summary>The task of predicting tokens that are masked.</summary>
    public const string MaskedLanguageModel = "masked-lm";

    /// <summary>The task of giving a whole text a class, several classes or a number.</summary>
    public const string SequenceClassification = "sequence-classification";

    /// <summary>The task of giving each token a class.</summary>
    public const string TokenClassification = "token-classification";

    /// <summary>The task of finding where in a text the answer to a question is.</summary>
    public const string QuestionAnswering = "question-answering";

    /// <summary>The task of writing a text for another, by encoder and decoder.</summary>
    public const string Seq2Seq = "seq2seq";

    /// <summary>No task: the hidden states of a model without a head.</summary>
    public const string BaseModel = "base-model";

    /// <summary>No task: the hidden states of the encoder alone, of a model that has a decoder too.</summary>
    public const string Encoder = "encoder";

    private static readonly Lock Gate = new();

    private static readonly Dictionary<string, Family> Families = new()
    {
        ["gpt2"] = new(() => new Gpt2Config(), new()
        {
            [CausalLanguageModel] = config => new Gpt2LMHeadModel((Gpt2Config)config),
            [SequenceClassification] = config => new Gpt2ForSequenceClassification((Gpt2Config)config),
            [TokenClassification] = config => new Gpt2ForTokenClassification((Gpt2Config)config),
            [BaseModel] = config => new Gpt2Model((Gpt2Config)config),
        }),
        ["bert"] = new(() => new BertConfig(), new()
        {
            [MaskedLanguageModel] = config => new BertForMaskedLM((BertConfig)config),
            [SequenceClassification] = config => new BertForSequenceClassification((BertConfig)config),
            [TokenClassification] = config => new BertForTokenClassification((BertConfig)config),
            [QuestionAnswering] = config => new BertForQuestionAnswering((BertConfig)config),
            [BaseModel] = config => new BertModel((BertConfig)config),
        }),
        ["llama"] = new(() => new LlamaConfig(), new()
        {
            [CausalLanguageModel] = config => new LlamaForCausalLM((LlamaConfig)config),
            [SequenceClassification] = config => new LlamaForSequenceClassification((LlamaConfig)config),
            [BaseModel] = config => new LlamaModel((LlamaConfig)config),
        }),
        ["mistral"] = new(() => new MistralConfig(), new()
        {
            [CausalLanguageModel] = config => new MistralForCausalLM((MistralConfig)config),
            [SequenceClassification] = config => new MistralForSequenceClassification((MistralConfig)config),
            [BaseModel] = config => new MistralModel((MistralConfig)config),
        }),
        ["qwen2"] = new(() => new Qwen2Config(), new()
        {
            [CausalLanguageModel] = config => new Qwen2ForCausalLM((Qwen2Config)config),
            [SequenceClassification] = config => new Qwen2ForSequenceClassification((Qwen2Config)config),
            [BaseModel] = config => new Qwen2Model((Qwen2Config)config),
        }),
        ["t5"] = new(() => new T5Config(), new()
        {
            [Seq2Seq] = config => new T5ForConditionalGeneration((T5Config)config),
            [BaseModel] = config => new T5Model((T5Config)config),
            [Encoder] = config => new T5EncoderModel((T5Config)config),
        }),
    };

    /// <summary>The known values of <c>model_type</c>, sorted.</summary>
    public static IReadOnlyList<string> ModelTypes
    {
        get
        {
            lock (Gate) return [.. Families.Keys.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Adds a model, or a task of one; what is there already under the same names is replaced.</summary>
    /// <param name="modelType">Its <c>model_type</c>.</param>
    /// <param name="task">What <paramref name="model"/> does.</param>
    /// <param name="config">Makes a configuration with all fields at their defaults.</param>
    /// <param name="model">Makes the model from such a configuration.</param>
    public static void Register(string modelType, string task, Func<PretrainedConfig> config, Func<PretrainedConfig, PreTrainedModel> model)
    {
        lock (Gate)
        {
            var others = Families.TryGetValue(modelType, out var family) ? family.Tasks : [];
            Families[modelType] = new Family(config, new(others) { [task] = model });
        }
    }

    /// <summary>A configuration with all fields at their defaults.</summary>
    /// <exception cref="ConfigurationException">The type is unknown; the message lists the known.</exception>
    public static PretrainedConfig ConfigForType(string modelType) => FamilyOf(modelType, "model_type").Config();

    /// <summary>Reads a folder's <c>config.json</c>, or such a file, as the type in it says.</summary>
    /// <exception cref="ConfigurationException">No such file, no JSON, an unknown type, or a field that is unknown or does not
    /// hold.</exception>
    public static PretrainedConfig ConfigFromPretrained(string path)
    {
        var file = PretrainedConfig.FileOf(path);
        var config = PlainJson.ReadFile(file).GetValueOrDefault("model_type") is string type
            ? FamilyOf(type, file).Config()
            : throw new ConfigurationException(file, $"has no model_type, expected one of {string.Join(", ", ModelTypes)}");
        config.Read(path);
        return config;
    }

    /// <summary>A model with initial weights, drawn from this thread's <see cref="TorchGenerator.Default"/>.</summary>
    /// <exception cref="NotSupportedException">The model does not do this task; the message lists what it does.</exception>
    public static PreTrainedModel FromConfig(PretrainedConfig config, string task) => MakerOf(config, task)(config);

    /// <summary>A model with the weights of a folder, in evaluation mode.</summary>
    /// <param name="folder">A Hugging Face folder: <c>config.json</c> and <c>model.safetensors</c>, or shards of it.</param>
    /// <param name="task">Which head it has; a head that the folder has no weights for draws initial ones.</param>
    /// <param name="config">Instead of the folder's.</param>
    /// <param name="dtype">What the weights are converted to.</param>
    /// <param name="warn">Is told which weights are missing and which are not used.</param>
    public static PreTrainedModel FromPretrained(
        string folder, string task, PretrainedConfig? config = null, DType dtype = DType.Float32, Action<string>? warn = null)
    {
        config ??= ConfigFromPretrained(folder);
        PreTrainedModel model;
        using (Init.Skip()) model = MakerOf(config, task)(config);
        var loaded = model.LoadWeights(folder, initializeMissing: true);
        if (loaded.Missing.Count > 0)
        {
            warn?.Invoke($"{folder}: no weights for {string.Join(", ", loaded.Missing)}; they are drawn at random, train the model");
        }
        if (loaded.Unexpected.Count > 0)
        {
            warn?.Invoke($"{folder}: weights of {string.Join(", ", loaded.Unexpected)} are not part of {model.Architecture}");
        }
        if (model.GenerationConfig is not null && File.Exists(Path.Combine(folder, GenerationConfig.FileName)))
        {
            model.GenerationConfig = GenerationConfig.FromPretrained(folder);
        }
        model.To(dtype);
        model.Eval();
        return model;
    }

    private static Family FamilyOf(string modelType, string origin)
    {
        lock (Gate)
        {
            if (Families.TryGetValue(modelType, out var family)) return family;
        }
        throw new ConfigurationException(origin, $"model_type is \"{modelType}\", expected one of {string.Join(", ", ModelTypes)}");
    }

    private static Func<PretrainedConfig, PreTrainedModel> MakerOf(PretrainedConfig config, string task)
    {
        var tasks = FamilyOf(config.ModelType, config.GetType().Name).Tasks;
        if (tasks.TryGetValue(task, out var make)) return make;
        var known = string.Join(", ", tasks.Keys.Order(StringComparer.Ordinal));
        throw new NotSupportedException($"task is \"{task}\", expected one that {config.ModelType} does: {known}");
    }

    private sealed record Family(Func<PretrainedConfig> Config, Dictionary<string, Func<PretrainedConfig, PreTrainedModel>> Tasks);
}
