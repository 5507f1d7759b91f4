using System.Reflection;

namespace NativeTrainer.Cli;

/// <summary>This program's version.</summary>
internal static class ProgramVersion
{
    /// <summary>As in the project file, without the commit that a build appends.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
