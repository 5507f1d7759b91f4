namespace NativeTrainer.Cli.Arguments;

/// <summary>Refuses arguments that run_clm has and this command does not obey: none is taken and ignored.</summary>
internal static class Refusal
{
    /// <summary>Refuses any value but the default.</summary>
    /// <param name="group">The arguments.</param>
    /// <param name="name">The argument.</param>
    /// <param name="instead">What to do instead.</param>
    public static void IfSet(IArgumentGroup group, string name, string instead)
    {
        var field = group.Fields.First(f => f.Name == name);
        var found = field.Get(group);
        if (PythonValue.AreEqual(found, field.Default)) return;
        throw new InvalidArgumentException(name, $"is {PythonJson.Write(found)}, which is not supported: {instead}");
    }
}
