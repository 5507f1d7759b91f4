using System.Diagnostics;
using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>
/// Rows that grow by one token at each <see cref="Step"/> until all have ended; how is said by the classes that derive from it.
/// </summary>
/// <remarks>A step runs in the memory of a pool.</remarks>
internal abstract class GenerationLoop : IDisposable
{
    private readonly TensorPool _pool = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<LogitsProcessor> _processors, _warpers;
    private readonly List<float[]>? _scores;
    private readonly long[] _last;

    /// <summary>Makes buffers.</summary>
    /// <param name="plan">What to do.</param>
    /// <param name="times">How many rows each prompt has.</param>
    /// <param name="processed">How many rows are processed at a time.</param>
    protected GenerationLoop(GenerationPlan plan, int times, int processed)
    {
        Plan = plan;
        _processors = plan.Processors(processed);
        _warpers = LogitsProcessors.Warpers(plan.Config);
        _last = new long[processed];
        if (plan.Config is { OutputScores: true, ReturnDictInGenerate: true }) _scores = [];
        if (plan.Config.DoSample) Random = plan.Config.Seed is { } seed ? new TorchGenerator(seed) : TorchGenerator.Default;
        Decoder = plan.Decoder(times);
    }

    /// <summary>Whether every row has ended, or reached the greatest length.</summary>
    public bool IsDone { get; private set; }

    /// <summary>What to do.</summary>
    protected GenerationPlan Plan { get; }

    /// <summary>The model, with the rows.</summary>
    protected RowDecoder Decoder { get; }

    /// <summary>The rows.</summary>
    protected GenerationRows Rows => Decoder.Rows;

    /// <summary>Where draws come from; null where nothing is drawn.</summary>
    protected TorchGenerator? Random { get; }

    /// <summary>The processed scores of all steps, where they are asked for.</summary>
    protected IReadOnlyList<float[]>? RecordedScores => _scores;

    /// <summary>The loop for what the options ask for.</summary>
    public static GenerationLoop For(PreTrainedModel model, GenerateInputs inputs, GenerationConfig? config)
    {
        var plan = new GenerationPlan(model, inputs, config);
        return plan.Config.Mode switch
        {
            GenerationMode.GreedySearch or GenerationMode.Sample => new TokenLoop(plan),
            GenerationMode.ContrastiveSearch => new ContrastiveLoop(plan),
            _ => new BeamLoop(plan),
        };
    }

    /// <summary>Gives every row one token.</summary>
    public void Step()
    {
        using var silent = NoGrad.Enter();
        using var scope = _pool.Enter();
        var allEnded = Advance();
        IsDone = allEnded || Rows.Length >= Plan.LastLength || _clock.Elapsed.TotalSeconds > Plan.Config.MaxTime || IsStopped();
    }

    /// <summary>The rows as they are now.</summary>
    public abstract GenerateOutput Result();

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    /// <summary>Gives every row one token.</summary>
    /// <returns>Whether all have ended.</returns>
    protected abstract bool Advance();

    /// <summary>Begins a step of rows that are processed together: their last ids are those of rows first, first + step, ….</summary>
    protected void BeginStep(int first = 0, int step = 1)
    {
        for (var i = 0; i < _last.Length; i++) _last[i] = Rows.Row(first + (i * step))[^1];
        BeginStep(_last);
    }

    /// <summary>Begins a step of rows with these last ids.</summary>
    protected void BeginStep(ReadOnlySpan<long> lastTokens)
    {
        foreach (var processor in _processors) processor.BeginStep(lastTokens);
    }

    /// <summary>Applies the processors, and the warpers where draws are made.</summary>
    /// <param name="number">The row's number among those that are processed together.</param>
    /// <param name="row">The row.</param>
    /// <param name="scores">Its scores.</param>
    protected void Process(int number, int row, Span<float> scores)
    {
        var ids = Rows.Row(row);
        foreach (var processor in _processors) processor.Process(number, ids, scores);
        foreach (var warper in _warpers) warper.Process(number, ids, scores);
    }

    /// <summary>The processor of a type, if there is one.</summary>
    protected T? Find<T>()
        where T : LogitsProcessor
        => _processors.OfType<T>().FirstOrDefault();

    /// <summary>Keeps processed scores, if they are asked for.</summary>
    protected void Record(ReadOnlySpan<float> scores) => _scores?.Add(scores.ToArray());

    /// <summary>Draws places by the probabilities that scores stand for; the scores become probabilities.</summary>
    protected void Draw(Span<float> scores, Span<long> places)
    {
        Scores.Softmax(scores);
        try
        {
            Random!.Multinomial(scores, places);
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationException(
                nameof(GenerationConfig), $"no token can be drawn from what the options leave: {e.Message}; remove_invalid_values may help");
        }
    }

    private bool IsStopped()
    {
        var state = new GenerationState(Rows, _clock.Elapsed);
        foreach (var criterion in Plan.Inputs.StoppingCriteria)
        {
            if (criterion.IsMet(state)) return true;
        }
        return false;
    }
}
