namespace NativeTrainer;

// Callbacks from outside.
public partial class Trainer
{
    /// <summary>Adds a callback at the end.</summary>
    public void AddCallback(TrainerCallback callback) => Callbacks.AddCallback(callback);

    /// <summary>Adds a new callback of a type at the end.</summary>
    public void AddCallback<T>()
        where T : TrainerCallback, new()
        => Callbacks.AddCallback<T>();

    /// <summary>Takes the first callback of a type (or a type derived from it) out, and returns it; null if there is none.</summary>
    public T? PopCallback<T>()
        where T : TrainerCallback
        => Callbacks.PopCallback<T>();

    /// <summary>Takes a callback out, and returns it; null if it is not there.</summary>
    public TrainerCallback? PopCallback(TrainerCallback callback) => Callbacks.PopCallback(callback);

    /// <summary>Takes the first callback of a type (or a type derived from it) out; does nothing if there is none.</summary>
    public void RemoveCallback<T>()
        where T : TrainerCallback
        => Callbacks.RemoveCallback<T>();

    /// <summary>Takes a callback out.</summary>
    /// <exception cref="ArgumentException">It is not there.</exception>
    public void RemoveCallback(TrainerCallback callback) => Callbacks.RemoveCallback(callback);
}
