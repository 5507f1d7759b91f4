using System.Globalization;
using System.Text;
using NativeTrainer.Autograd;
using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Loop;

/// <summary>What <c>debug underflow_overflow</c> does: looks at every module's weights, inputs, outputs and gradients, and at the first
/// number that is infinite or nan reports the last modules that ran, and stops.</summary>
/// <remarks>The report has the form of transformers' DebugUnderflowOverflow, which looks at forward passes only. Float16's scaled gradients
/// may overflow: then the scale, not this, deals with them.</remarks>
internal sealed class ValueWatch : IDisposable
{
    private const int FramesKept = 21;
    private readonly List<IDisposable> _hooks = [];
    private readonly Queue<string> _frames = new();
    private readonly bool _watchesGradients;
    private readonly Action<string> _warn;
    private int _batch = -1;

    private ValueWatch(PreTrainedModel model, bool watchesGradients, Action<string> warn)
    {
        (_watchesGradients, _warn) = (watchesGradients, warn);
        foreach (var (name, module) in model.NamedModules())
        {
            _hooks.Add(module.RegisterForwardHook((_, input, output) => Look(name, module, input, output)));
        }
    }

    /// <summary>Watches a model until it is disposed; null where the arguments do not ask for it.</summary>
    public static ValueWatch? Of(PreTrainedModel model, TrainingArguments args, bool scalesLoss, Action<string> warn) =>
        args.Debug.Contains(DebugOption.UnderflowOverflow) ? new ValueWatch(model, !scalesLoss, warn) : null;

    /// <summary>Counts the batches.</summary>
    public void BeginBatch() => _batch++;

    /// <summary>Looks at a loss.</summary>
    public void Loss(Tensor loss)
    {
        var range = Range.Of(loss);
        Note("", "loss", range.Line("loss"));
        if (!range.IsFinite) Stop("forward", "the loss", range);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var hook in _hooks) hook.Dispose();
        _hooks.Clear();
    }

    private Tensor Look(string name, Module module, Tensor input, Tensor output)
    {
        var kind = module.GetType().Name;
        var lines = new StringBuilder();
        (string What, Range Range)? found = null;
        foreach (var (weight, parameter) in module.OwnParameters) Meet(weight, parameter.Value);
        Meet("input[0]", input);
        Meet("output", output);
        Note(name, kind, lines.ToString());
        if (found is { } first) Stop("forward", $"{name} ({kind}): {first.What}", first.Range);
        if (_watchesGradients && output.RequiresGrad && !output.IsLeaf) output.RegisterHook(gradient => LookBack(name, kind, gradient));
        return output;

        void Meet(string what, Tensor tensor)
        {
            if (!tensor.DType.IsFloatingPoint || tensor.ElementCount == 0) return;
            var range = Range.Of(tensor);
            lines.Append(range.Line(what));
            if (!range.IsFinite) found ??= (what, range);
        }
    }

    private Tensor? LookBack(string name, string kind, Tensor gradient)
    {
        var range = Range.Of(gradient);
        Note(name, kind, range.Line("gradient of output"));
        if (!range.IsFinite) Stop("backward", $"{name} ({kind}): gradient of output", range);
        return null;
    }

    private void Note(string name, string kind, string lines)
    {
        if (_frames.Count == FramesKept) _frames.Dequeue();
        _frames.Enqueue($"                  {name} {kind}\n{lines}");
    }

    private void Stop(string direction, string where, Range range)
    {
        var report = new StringBuilder();
        report.Append(CultureInfo.InvariantCulture, $"Detected inf/nan during batch_number={_batch}\n");
        report.Append(CultureInfo.InvariantCulture, $"Last {_frames.Count} {direction} frames:\nabs min  abs max  metadata\n");
        foreach (var frame in _frames) report.Append(frame);
        _warn(report.ToString());
        throw new NonFiniteValueException(
            string.Create(CultureInfo.InvariantCulture,
                $"debug underflow_overflow: {range.Infinite} infinite and {range.NaN} nan of {range.Count} numbers in batch {_batch}, {direction} pass, {where}"),
            report.ToString());
    }

    /// <summary>The smallest and the largest absolute value of a tensor, and how many of its numbers are none.</summary>
    private readonly record struct Range(double Least, double Most, long Count, long Infinite, long NaN)
    {
        public bool IsFinite => Infinite + NaN == 0;

        public static Range Of(Tensor tensor)
        {
            using var silent = NoGrad.Enter();
            using var plain = Autocast.Enter(null);
            var (least, most, infinite, nan) = (double.PositiveInfinity, 0.0, 0L, 0L);
            var values = tensor.DType == DType.Float64 ? tensor : tensor.To(DType.Float32);
            if (values.DType == DType.Float64)
            {
                foreach (var value in values.ToArray<double>()) Add(value);
            }
            else
            {
                foreach (var value in values.ToArray<float>()) Add(value);
            }
            return new Range(least, most, tensor.ElementCount, infinite, nan);

            void Add(double value)
            {
                if (double.IsNaN(value)) nan++;
                if (double.IsInfinity(value)) infinite++;
                if (nan > 0) (least, most) = (double.NaN, double.NaN);
                else (least, most) = (Math.Min(least, Math.Abs(value)), Math.Max(most, Math.Abs(value)));
            }
        }

        public string Line(string what) => $"{Text(Least)} {Text(Most)} {what}\n";

        // As Python's %8.2e.
        private static string Text(double value) => (double.IsNaN(value) ? "nan" : double.IsInfinity(value) ? "inf"
            : value.ToString("0.00e+00", CultureInfo.InvariantCulture)).PadLeft(8);
    }
}
