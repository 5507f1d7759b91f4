using System.Globalization;
using NativeTrainer.Tensors;

namespace NativeTrainer.Checkpoints;

/// <summary><c>optimizer.pt</c>: what an optimizer keeps for each parameter, and the options of its groups.</summary>
/// <remarks>
/// The parameters have numbers, group after group, that only link the two within the file; their names are not in it.
/// AdamW keeps for each the tensors <c>step</c>, <c>exp_avg</c> and <c>exp_avg_sq</c>. Tensors of a file that was opened
/// are read when they are asked for, until it is disposed.
/// </remarks>
public sealed class OptimizerFile : IDisposable
{
    private const string StateKey = "state", GroupsKey = "param_groups", ParamsKey = "params";

    private readonly TorchFile? _file;

    /// <summary>An empty state, to be filled and saved.</summary>
    public OptimizerFile()
    {
    }

    private OptimizerFile(string path, TorchFile file)
    {
        _file = file;
        var root = StateDictionary.From(file.Root, path);
        if (root[StateKey] is not OrderedDictionary<object, object?> states) throw root.Wrong($"its '{StateKey}' is not a dictionary");
        foreach (var (number, state) in states)
        {
            if (number is not long parameter) throw root.Wrong($"its '{StateKey}' has the key {number}, expected numbers of parameters");
            State.Add(parameter, StateDictionary.From(state, path, FormattableString.Invariant($"state[{parameter}]")));
        }
        if (root[GroupsKey] is not List<object?> groups) throw root.Wrong($"its '{GroupsKey}' is not a list");
        foreach (var group in groups)
        {
            Groups.Add(StateDictionary.From(group, path, string.Create(CultureInfo.InvariantCulture, $"{GroupsKey}[{Groups.Count}]")));
            _ = Groups[^1].Wholes(ParamsKey);
        }
    }

    /// <summary>The state of each parameter that has one, by its number.</summary>
    public OrderedDictionary<long, StateDictionary> State { get; } = [];

    /// <summary>The options of each group, and the numbers of its parameters (<c>params</c>).</summary>
    public List<StateDictionary> Groups { get; } = [];

    /// <summary>Opens a file.</summary>
    /// <exception cref="CheckpointException">Damaged, or not the state of an optimizer.</exception>
    public static OptimizerFile Open(string path)
    {
        var file = TorchFile.Open(path);
        try
        {
            return new OptimizerFile(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The numbers of a group's parameters.</summary>
    public static long[] Parameters(StateDictionary group) => group.Wholes(ParamsKey);

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Save(string path)
    {
        var states = new OrderedDictionary<object, object?>();
        foreach (var (parameter, state) in State) states.Add(parameter, state);
        TorchFile.Save(path, new StateDictionary { { StateKey, states }, { GroupsKey, new List<object?>(Groups) } });
    }

    /// <summary>Closes the file that was opened.</summary>
    public void Dispose() => _file?.Dispose();
}
