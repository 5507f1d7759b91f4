using System.Diagnostics;
using System.Globalization;

namespace NativeTrainer;

/// <summary>A line that shows how far a training or an evaluation has come, and each log above it; what a Trainer has unless <c>disable_tqdm</c>.</summary>
/// <param name="log">Receives the logs; standard output unless given.</param>
/// <param name="bar">Receives the moving line; standard error where that is a terminal, else nothing, unless given.</param>
public class ProgressCallback(TextWriter? log, TextWriter? bar) : TrainerCallback
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly TextWriter _log = log ?? Console.Out;
    private readonly TextWriter? _bar = bar ?? (Console.IsErrorRedirected ? null : Console.Error);
    private readonly Stopwatch _time = new();
    private bool _isTraining;
    private int _firstStep, _predicted, _width;
    private TimeSpan _shown;

    /// <summary>Logs on standard output, the line on standard error.</summary>
    public ProgressCallback()
        : this(null, null)
    {
    }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        if (!state.IsLocalProcessZero) return;
        (_isTraining, _firstStep, _shown) = (true, state.GlobalStep, TimeSpan.Zero);
        _time.Restart();
    }

    /// <inheritdoc/>
    public override void OnStepEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        if (!_isTraining || _bar is null || (_time.Elapsed - _shown < Pause && state.GlobalStep < state.MaxSteps)) return;
        var (done, left) = (state.GlobalStep - _firstStep, state.MaxSteps - state.GlobalStep);
        var rate = done / _time.Elapsed.TotalSeconds;
        Show(string.Create(
            CultureInfo.InvariantCulture,
            $"{state.GlobalStep}/{state.MaxSteps} [{Clock(_time.Elapsed)}<{Clock(TimeSpan.FromSeconds(left / rate))}, {rate:F2} steps/s]"));
    }

    /// <inheritdoc/>
    public override void OnPredictionStep(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        if (!state.IsLocalProcessZero || _bar is null) return;
        if (_predicted++ == 0 && !_time.IsRunning) _time.Restart();
        if (_time.Elapsed - _shown >= Pause) Show($"evaluating: batch {_predicted}");
    }

    /// <inheritdoc/>
    public override void OnEvaluate(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) => EndPrediction();

    /// <inheritdoc/>
    public override void OnPredict(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) => EndPrediction();

    /// <inheritdoc/>
    /// <remarks>As in Hugging Face, total_flos is taken out of the logs, and so out of the metrics that training returns; and logs outside a
    /// training are not printed.</remarks>
    public override void OnLog(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        if (!state.IsLocalProcessZero || context.Logs is not { } logs || !_isTraining) return;
        logs.Remove("total_flos");
        Clear();
        _log.WriteLine(logs);
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        if (_isTraining && _width > 0) _bar!.WriteLine();
        (_isTraining, _width) = (false, 0);
        _time.Reset();
    }

    private void EndPrediction()
    {
        (_predicted, _shown) = (0, TimeSpan.Zero);
        Clear();
    }

    private void Show(string text)
    {
        _bar!.Write("\r" + text.PadRight(_width));
        (_width, _shown) = (text.Length, _time.Elapsed);
    }

    private void Clear()
    {
        if (_width > 0) _bar!.Write("\r" + new string(' ', _width) + "\r");
        _width = 0;
    }

    private static string Clock(TimeSpan time) => time < TimeSpan.FromHours(1) ? time.ToString(@"mm\:ss", CultureInfo.InvariantCulture)
        : time < TimeSpan.FromDays(30) ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : "?";
}
