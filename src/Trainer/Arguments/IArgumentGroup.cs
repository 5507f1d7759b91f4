namespace NativeTrainer;

/// <summary>
/// An object whose fields can be set from a command line or a JSON file, for instance <see cref="TrainingArguments"/>. A program adds
/// groups of its own with an <see cref="ArgumentTable{TGroup}"/>; <see cref="HfArgumentParser"/> fills several together.
/// </summary>
public interface IArgumentGroup
{
    /// <summary>The fields, in the order in which files list them.</summary>
    IReadOnlyList<ArgumentField> Fields { get; }

    /// <summary>Fills in what depends on other fields and checks rules across fields; called once all fields are set.</summary>
    /// <exception cref="InvalidArgumentException">Fields do not go together.</exception>
    void Complete();
}
