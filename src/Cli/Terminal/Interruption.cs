using System.Runtime.InteropServices;

namespace NativeTrainer.Cli.Terminal;

/// <summary>
/// Ctrl-C and SIGTERM: a training goes on to the end of its step, writes a checkpoint and stops; what comes after a training stops at once.
/// A second signal ends the program.
/// </summary>
internal sealed class Interruption : TrainerCallback, IDisposable
{
    private const int SignalExit = 128; // plus the signal's number, as shells have it

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private volatile int _signal;
    private bool _isTraining;

    /// <summary>Listens from now on.</summary>
    /// <param name="isTraining">Whether there is a training to save; see <see cref="TrainingIsDone"/>.</param>
    public Interruption(bool isTraining)
    {
        _isTraining = isTraining;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Request(context, 2)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Request(context, 15)),
        ];
    }

    /// <summary>Whether a signal has come.</summary>
    public bool IsRequested => _signal != 0;

    /// <summary>Is cancelled by a signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>0 without a signal, 130 for Ctrl-C, 143 for SIGTERM.</summary>
    public int ExitCode => IsRequested ? SignalExit + _signal : 0;

    /// <summary>From now on there is nothing left to save.</summary>
    public void TrainingIsDone() => _isTraining = false;

    /// <inheritdoc/>
    public override void OnStepEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        SaveAndStop(control);

    /// <inheritdoc/>
    public override void OnPredictionStep(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        if (!_isTraining) _source.Token.ThrowIfCancellationRequested();
        SaveAndStop(control);
    }

    /// <inheritdoc/>
    /// <remarks>The checkpoint has been written; an evaluation that is due at the end of an epoch would keep the user waiting.</remarks>
    public override void OnEpochEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        if (IsRequested) control.ShouldEvaluate = control.ShouldSave = false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void SaveAndStop(TrainerControl control)
    {
        if (IsRequested) control.ShouldSave = control.ShouldTrainingStop = true;
    }

    private void Request(PosixSignalContext context, int signal)
    {
        if (IsRequested) return; // the second one ends the program
        context.Cancel = true;
        _signal = signal;
        if (_isTraining) Console.Error.WriteLine("stopping after this step; once more stops at once");
        _source.Cancel();
    }
}
