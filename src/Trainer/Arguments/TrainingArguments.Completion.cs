namespace NativeTrainer;

/// <content>When and how settings that follow from others are filled in.</content>
public partial class TrainingArguments
{
    private readonly List<string> _warnings = [];
    private bool _isComplete;

    /// <inheritdoc/>
    public virtual IReadOnlyList<ArgumentField> Fields => ExtraArgumentsTable.Training;

    /// <summary>What <see cref="Complete"/> had to say: settings under their old names, settings without effect.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    internal Surroundings Surroundings { get; init; } = Surroundings.Current;

    /// <summary>
    /// Does what Hugging Face's class does when it is constructed: fills in what follows from other settings, moves old names to new ones,
    /// refuses what does not go together. It happens once, at the first use; properties set later are taken as they are.
    /// </summary>
    /// <returns>The same object.</returns>
    /// <exception cref="InvalidArgumentException">Settings do not go together.</exception>
    public TrainingArguments Complete()
    {
        if (_isComplete) return this;
        _warnings.Clear();
        TrainingArgumentsRules.Apply(this, _warnings.Add);
        _isComplete = true;
        return this;
    }

    void IArgumentGroup.Complete() => Complete();
}
