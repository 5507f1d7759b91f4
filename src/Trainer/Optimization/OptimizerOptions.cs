using System.Collections;
using NativeTrainer.Checkpoints;

namespace NativeTrainer.Optimization;

/// <summary>An optimizer's settings of one parameter group, with PyTorch's names and in PyTorch's order, as <c>optimizer.pt</c> has them
/// between <c>lr</c> and <c>params</c>.</summary>
/// <remarks>What <see cref="AddSwitch(string, bool)"/> adds decides which state is kept, so a checkpoint must have the same.</remarks>
/// <example><code>
/// new OptimizerOptions { { "momentum", 0.9 }, { "nesterov", false } }
/// </code></example>
public sealed class OptimizerOptions : IEnumerable<KeyValuePair<string, object?>>
{
    private readonly OrderedDictionary<string, object?> _values = [];
    private readonly HashSet<string> _fixed = [];

    /// <summary>Adds a setting: a number, a flag, an array of numbers, or null (a setting that only PyTorch has).</summary>
    public void Add(string name, object? value) => _values.Add(name, value);

    /// <summary>Two numbers, as <c>betas</c> are.</summary>
    public void Add(string name, double first, double second) => _values.Add(name, new object?[] { first, second });

    /// <summary>
    /// A number on which the kept state depends: that a checkpoint has 0 where this training has not, or the other way round, is an error.
    /// </summary>
    public void AddSwitch(string name, double value)
    {
        _values.Add(name, value == 0 ? (object)0L : value);
        _fixed.Add(name);
    }

    /// <summary>A flag on which the kept state depends: a checkpoint must have the same.</summary>
    public void AddSwitch(string name, bool value)
    {
        _values.Add(name, value);
        _fixed.Add(name);
    }

    /// <summary>Changes a setting: one that counts what an optimizer has done.</summary>
    public void Set(string name, object? value) => _values[name] = value;

    /// <summary>A number.</summary>
    public double Number(string name) => AsNumber(_values[name]) ?? throw new KeyNotFoundException($"{name} is no number");

    /// <summary>A flag.</summary>
    public bool Flag(string name) => (bool)_values[name]!;

    /// <summary>A number of an array.</summary>
    public double Number(string name, int index) => AsNumber(((object?[])_values[name]!)[index])!.Value;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _values.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal OptimizerOptions Copy()
    {
        var copy = new OptimizerOptions();
        foreach (var (name, value) in _values) copy.Add(name, value is object?[] numbers ? (object?[])[.. numbers] : value);
        copy._fixed.UnionWith(_fixed);
        return copy;
    }

    /// <summary>Takes the settings of a checkpoint's group over, as torch does.</summary>
    /// <exception cref="CheckpointException">A setting that the kept state depends on is another one.</exception>
    internal void Load(StateDictionary group)
    {
        foreach (var (name, value) in _values.ToArray())
        {
            if (value is null) continue;
            if (value is bool flag)
            {
                if (!group.Contains(name) || group[name] is null) continue; // flags came with later versions of torch
                var found = group.Flag(name);
                if (found != flag && _fixed.Contains(name)) throw group.Wrong($"has {name} {found}, expected {flag} as in this training");
                if (found != flag) _values[name] = found;
            }
            else if (value is object?[] numbers)
            {
                var found = group.Numbers(name);
                if (found.Length != numbers.Length)
                {
                    throw group.Wrong($"'{name}' has {found.Length} numbers, expected {numbers.Length}");
                }
                _values[name] = found.Select(number => (object?)number).ToArray();
            }
            else if (AsNumber(value) is { } ours)
            {
                var number = group.Number(name);
                if (_fixed.Contains(name) && (number == 0) != (ours == 0))
                {
                    throw group.Wrong($"has {name} {PythonText.Float(number)}, expected {PythonText.Float(ours)} as in this training");
                }
                if (number != ours) _values[name] = number;
            }
        }
    }

    private static double? AsNumber(object? value) => value switch
    {
        double number => number,
        long number => number,
        int number => number,
        _ => null,
    };
}
