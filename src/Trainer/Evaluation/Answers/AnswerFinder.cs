using NativeTrainer.Tensors;

namespace NativeTrainer.Evaluation;

/// <summary>Makes answers of the logits of a question answering model: of every question the pair of begin and end with the greatest sum,
/// over all parts of its text (Devlin et al. 2019, section 4.2), as Hugging Face's run_qa.</summary>
/// <example><code>
/// var answers = new AnswerFinder().Find(texts, features, output.AllPredictions[0], output.AllPredictions[1]);
/// </code></example>
public sealed class AnswerFinder
{
    /// <summary>How many of the greatest logits of begins and of ends are combined, and how many answers are kept. Default 20.</summary>
    public int NBestSize { get; init; } = 20;

    /// <summary>Tokens of an answer at most. Default 30.</summary>
    public int MaxAnswerLength { get; init; } = 30;

    /// <summary>Whether a question may have no answer (SQuAD 2). Default false.</summary>
    public bool AllowsNoAnswer { get; init; }

    /// <summary>How much more must speak for no answer than for the best one. Default 0.</summary>
    public double NullScoreDiffThreshold { get; init; }

    /// <summary>The answers of all questions.</summary>
    /// <param name="texts">The text of each question.</param>
    /// <param name="features">The rows of the model's input, in order.</param>
    /// <param name="startLogits">[rows, length] of float32; what is beyond a row's tokens is not looked at.</param>
    /// <param name="endLogits">Likewise.</param>
    /// <exception cref="ArgumentException">There are more or fewer rows of logits than features.</exception>
    public IReadOnlyList<FoundAnswer> Find(
        IReadOnlyList<string> texts, IReadOnlyList<AnswerFeature> features, Tensor startLogits, Tensor endLogits)
    {
        if (startLogits.Size(0) != features.Count || endLogits.Shape != startLogits.Shape)
        {
            throw new ArgumentException(
                $"there are {features.Count} features, start logits {startLogits.Shape} and end logits {endLogits.Shape}, expected as many "
                + "rows");
        }
        var (starts, ends, width) = (startLogits.ToArray<float>(), endLogits.ToArray<float>(), (int)startLogits.Size(1));
        var candidates = texts.Select(_ => new List<Candidate>()).ToList();
        var none = new Candidate?[texts.Count];
        for (var i = 0; i < features.Count; i++)
        {
            var (example, length) = (features[i].Example, features[i].Offsets.Count);
            var start = starts.AsSpan(i * width, length);
            var end = ends.AsSpan(i * width, length);
            Collect(features[i].Offsets, start, end, candidates[example]);
            var nothing = new Candidate(0, 0, start[0], end[0]); // the first token stands for "no answer"
            if (none[example] is not { } other || nothing.Score < other.Score) none[example] = nothing;
        }
        return [.. texts.Select((text, example) => Best(text, candidates[example], none[example]))];
    }

    private void Collect(
        IReadOnlyList<(int Start, int End)?> offsets, ReadOnlySpan<float> starts, ReadOnlySpan<float> ends, List<Candidate> candidates)
    {
        var bestEnds = Greatest(ends);
        foreach (var first in Greatest(starts))
        {
            foreach (var last in bestEnds)
            {
                if (last < first || last - first + 1 > MaxAnswerLength) continue;
                if (offsets[first] is not { } begin || offsets[last] is not { } end) continue;
                candidates.Add(new(begin.Start, end.End, starts[first], ends[last]));
            }
        }
    }

    private FoundAnswer Best(string text, List<Candidate> candidates, Candidate? none)
    {
        if (AllowsNoAnswer && none is { } nothing) candidates.Add(nothing);
        var best = candidates.OrderByDescending(candidate => candidate.Score).Take(NBestSize).ToList();
        if (AllowsNoAnswer && none is { } missing && !best.Exists(candidate => candidate is { Start: 0, End: 0 })) best.Add(missing);
        if (best.Count == 0) return new("", [], null);

        var (greatest, sum) = (best[0].Score, best.Sum(candidate => Math.Exp(candidate.Score - best[0].Score)));
        var answers = best.Select(candidate => new AnswerSpan(
            CodePoints.Slice(text, candidate.Start, candidate.End), candidate.Start, candidate.End, candidate.Score,
            Math.Exp(candidate.Score - greatest) / sum)).ToList();
        if (!AllowsNoAnswer) return new(answers[0].Text, answers, null);
        var found = answers.Find(answer => answer.Text.Length > 0);
        if (found is null) return new("", answers, null);
        var difference = none!.Value.Score - found.Score;
        return new(difference > NullScoreDiffThreshold ? "" : found.Text, answers, difference);
    }

    // The places of the greatest logits, greatest first; of equal ones the last.
    private int[] Greatest(ReadOnlySpan<float> logits)
    {
        var (keys, places) = (logits.ToArray(), new int[logits.Length]);
        for (var i = 0; i < places.Length; i++) places[i] = i;
        Array.Sort(places, (a, b) => keys[a] != keys[b] ? keys[b].CompareTo(keys[a]) : b.CompareTo(a));
        return places.Length > NBestSize ? places[..NBestSize] : places;
    }

    private readonly record struct Candidate(int Start, int End, float StartLogit, float EndLogit)
    {
        public double Score => StartLogit + (double)EndLogit;
    }
}
