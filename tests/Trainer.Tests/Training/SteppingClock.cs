namespace NativeTrainer.Tests.Training;

/// <summary>A clock that goes 1.23456789 s on at each look, as in the recordings.</summary>
internal sealed class SteppingClock : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => 100_000_000;

    public override long GetTimestamp() => _now += 123_456_789;
}
