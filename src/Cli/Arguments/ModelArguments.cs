using NativeTrainer.Cli.Tasks;
using NativeTrainer.Models;

namespace NativeTrainer.Cli.Arguments;

/// <summary>Which model, tokenizer and task: the names of Hugging Face's run_clm.</summary>
internal sealed class ModelArguments : IArgumentGroup
{
    private const string Category = "model";
    private const string NoDownload = "models come from folders, nothing is downloaded; leave it out";

    private static readonly ArgumentTable<ModelArguments> Table = new(new())
    {
        { "task", Category, a => a.Task, (a, v) => a.Task = v, "What the model learns.", TaskContext.Names },
        { "model_name_or_path", Category, a => a.ModelNameOrPath, (a, v) => a.ModelNameOrPath = v,
          "Folder with the weights to start from; without it the model starts from scratch." },
        { "model_type", Category, a => a.ModelType, (a, v) => a.ModelType = v,
          "From scratch: kind of model, with its default configuration." },
        { "config_name", Category, a => a.ConfigName, (a, v) => a.ConfigName = v,
          "Folder with the config.json to use, if it is another than the model's." },
        { "config_overrides", Category, a => a.ConfigOverrides, (a, v) => a.ConfigOverrides = v,
          "Fields of the configuration to change: n_embd=128,n_layer=4." },
        { "tokenizer_name", Category, a => a.TokenizerName, (a, v) => a.TokenizerName = v,
          "Folder with the tokenizer, if it is another than the model's." },
        { "torch_dtype", Category, a => a.TorchDtype, (a, v) => a.TorchDtype = v, "Type of the weights.",
            ["auto", "bfloat16", "float16", "float32"] },
        { "attn_implementation", Category, a => a.AttnImplementation, (a, v) => a.AttnImplementation = v,
          "How attention is computed; the numbers are the same.", ["eager", "sdpa", "flash_attention_2"] },
        { "low_cpu_mem_usage", Category, a => a.LowCpuMemUsage, (a, v) => a.LowCpuMemUsage = v,
          "Load weights without a second copy of them in memory, which is how they are loaded anyway." },
        { "use_fast_tokenizer", Category, a => a.UseFastTokenizer, (a, v) => a.UseFastTokenizer = v,
            "Use the fast tokenizer; there is no other." },
        { "cache_dir", Category, a => a.CacheDir, (a, v) => a.CacheDir = v, "Where downloaded models are kept." },
        { "model_revision", Category, a => a.ModelRevision, (a, v) => a.ModelRevision = v, "Version of a downloaded model." },
        { "token", Category, a => a.Token, (a, v) => a.Token = v, "Token for downloads." },
        { "use_auth_token", Category, a => a.UseAuthToken, (a, v) => a.UseAuthToken = v, "Old name of token." },
        { "trust_remote_code", Category, a => a.TrustRemoteCode, (a, v) => a.TrustRemoteCode = v, "Run code that comes with a model." },
    };

    public string Task { get; set; } = AutoModel.CausalLanguageModel;

    public string? ModelNameOrPath { get; set; }

    public string? ModelType { get; set; }

    public string? ConfigName { get; set; }

    public string? ConfigOverrides { get; set; }

    public string? TokenizerName { get; set; }

    public string? TorchDtype { get; set; }

    public string? AttnImplementation { get; set; }

    public bool LowCpuMemUsage { get; set; }

    public bool UseFastTokenizer { get; set; } = true;

    public string? CacheDir { get; set; }

    public string ModelRevision { get; set; } = "main";

    public string? Token { get; set; }

    public bool? UseAuthToken { get; set; }

    public bool TrustRemoteCode { get; set; }

    public IReadOnlyList<ArgumentField> Fields => Table;

    /// <inheritdoc/>
    public void Complete()
    {
        Refusal.IfSet(this, "cache_dir", NoDownload);
        Refusal.IfSet(this, "model_revision", NoDownload);
        Refusal.IfSet(this, "token", NoDownload);
        Refusal.IfSet(this, "use_auth_token", NoDownload);
        Refusal.IfSet(this, "trust_remote_code", "models are part of this program; leave it out");
        Refusal.IfSet(this, "use_fast_tokenizer", "there is one tokenizer; leave it true");
        if (TorchDtype is not (null or "float32")) Refusal.IfSet(this, "torch_dtype", "float32 is all there is yet; leave it out");
        if (ModelNameOrPath is null && ConfigName is null && ModelType is null)
            throw new InvalidArgumentException("model_name_or_path",
                "is missing, expected a folder; or config_name or model_type for a model from scratch");
        RequireFolder("model_name_or_path", ModelNameOrPath);
        RequireFolder("tokenizer_name", TokenizerName);
    }

    private static void RequireFolder(string name, string? folder)
    {
        if (folder is null || Directory.Exists(folder)) return;
        throw new InvalidArgumentException(name, $"is \"{folder}\", expected a folder that exists ({NoDownload.Split(';')[0]})");
    }
}
