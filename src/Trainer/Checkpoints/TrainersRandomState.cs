using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Checkpoints;

/// <summary>The random states of a trainer, which go with it from thread to thread:
/// generators belong to threads, a training does not.</summary>
internal sealed class TrainersRandomState
{
    private TorchGenerator _generator = TorchGenerator.Default;
    private byte[] _torch = [];
    private RandomSnapshot _philox;

    /// <summary>Takes over the states of this thread.</summary>
    public TrainersRandomState() => Leave();

    /// <summary>Goes on where the trainer was, if it was on another thread; on the same
    /// one its user may have seeded or drawn meanwhile.</summary>
    public Visit Enter()
    {
        if (!ReferenceEquals(_generator, TorchGenerator.Default))
        {
            TorchGenerator.Default.SetState(_torch);
            RandomState.Current.Restore(_philox);
        }
        return new Visit(this);
    }

    private void Leave() =>
        (_generator, _torch, _philox) = (TorchGenerator.Default, TorchGenerator.Default.GetState(), RandomState.Current.Capture());

    /// <summary>Notes the states at the end of a call.</summary>
    public readonly ref struct Visit(TrainersRandomState states)
    {
        public void Dispose() => states.Leave();
    }
}
