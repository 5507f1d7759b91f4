namespace NativeTrainer.Models;

/// <summary>A loop whose tokens are final once they are there.</summary>
internal interface IStreamedLoop
{
    /// <summary>Which rows have ended.</summary>
    ReadOnlySpan<bool> Ended { get; }

    /// <summary>What the last step gave a row.</summary>
    long TokenOf(int row);
}
