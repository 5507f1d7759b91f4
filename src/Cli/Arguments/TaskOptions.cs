using NativeTrainer.Models;

namespace NativeTrainer.Cli.Arguments;

/// <summary>Refuses options that are set and mean nothing for the task.</summary>
internal static class TaskOptions
{
    private static readonly string[] ForText = ["block_size", "sample_prompt", "sample_tokens", "packing", "streaming", "shuffle_buffer_size"];
    private static readonly string[] ForGeneration =
        ["predict_with_generate", "generation_max_length", "generation_num_beams", "generation_config", "sortish_sampler"];

    /// <summary>Checks all of them.</summary>
    /// <exception cref="InvalidArgumentException">The first that belongs to another task.</exception>
    public static void Check(string task, DataArguments data, TaskArguments options, Seq2SeqTrainingArguments training)
    {
        options.CheckTask(task);
        if (task != AutoModel.CausalLanguageModel) Refuse(data, ForText, task, AutoModel.CausalLanguageModel);
        if (task is not (AutoModel.CausalLanguageModel or AutoModel.MaskedLanguageModel))
        {
            Refuse(data, ["keep_linebreaks", "overwrite_cache", "data_cache_dir"], task, $"{AutoModel.CausalLanguageModel} and {AutoModel.MaskedLanguageModel}");
        }
        if (task != AutoModel.Seq2Seq) Refuse(training, ForGeneration, task, AutoModel.Seq2Seq);
    }

    private static void Refuse(IArgumentGroup group, string[] names, string task, string owner)
    {
        foreach (var name in names) Refusal.IfSet(group, name, $"task {task} has none, it belongs to {owner}");
    }
}
