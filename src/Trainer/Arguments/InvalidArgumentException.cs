namespace NativeTrainer;

/// <summary>An argument that cannot be used. The message is one line: the argument's name, what was found, what was expected.</summary>
public sealed class InvalidArgumentException : ArgumentException
{
    /// <summary>Creates the error.</summary>
    /// <param name="argument">The argument's name as JSON files and flags have it, for instance <c>logging_steps</c>.</param>
    /// <param name="problem">What is wrong, to be read after the name: <c>is 0, expected …</c>.</param>
    public InvalidArgumentException(string argument, string problem)
        : base($"{argument} {problem}") => Argument = argument;

    private InvalidArgumentException(string source, InvalidArgumentException inner)
        : base($"{source}: {inner.Message}", inner) => Argument = inner.Argument;

    /// <summary>The argument's name.</summary>
    public string Argument { get; }

    internal static InvalidArgumentException Value(string argument, object? found, string expected)
        => new(argument, $"is {PythonJson.Write(found)}, expected {expected}");

    /// <summary>The same error, with the file it came from in front.</summary>
    internal InvalidArgumentException From(string source) => new(source, this);
}
