namespace NativeTrainer;

/// <summary>Stops a training with <c>debug underflow_overflow</c> where a number is infinite or nan.</summary>
public sealed class NonFiniteValueException(string message, string report) : InvalidOperationException(message)
{
    /// <summary>The last modules that ran, with the smallest and largest absolute values of their weights, inputs and outputs.</summary>
    public string Report { get; } = report;
}
