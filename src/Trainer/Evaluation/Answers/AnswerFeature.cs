namespace NativeTrainer.Evaluation;

/// <summary>A part of a text in which an answer is looked for: one row of a question answering model's input.</summary>
/// <param name="Example">The number of the question.</param>
/// <param name="Offsets">Of each token of the row its beginning and end in the text, in code points; null for tokens that are not
/// the text's: the question and special tokens.</param>
public sealed record AnswerFeature(int Example, IReadOnlyList<(int Start, int End)?> Offsets);

/// <summary>A possible answer.</summary>
/// <param name="Text">The answer; empty: there is none.</param>
/// <param name="Start">Where it begins in the text, in code points.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Score">The sum of the logits of its begin and its end.</param>
/// <param name="Probability">Among the answers that are kept.</param>
public sealed record AnswerSpan(string Text, int Start, int End, double Score, double Probability);

/// <summary>What was found for a question.</summary>
/// <param name="Text">The answer; empty: there is none.</param>
/// <param name="Best">The likeliest, best first.</param>
/// <param name="NullScoreDifference">How much more speaks for no answer than for the best one; null where there must be one.</param>
public sealed record FoundAnswer(string Text, IReadOnlyList<AnswerSpan> Best, double? NullScoreDifference);
