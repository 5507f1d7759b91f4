namespace NativeTrainer.Models.Tests.Support;

/// <summary>Managed memory that repeated work takes once its buffers are there.</summary>
internal static class Allocations
{
    /// <summary>Bytes of ten calls. Of several rounds the least: other tests may take this thread's helpers, which then make buffers anew.</summary>
    public static long OfTen(Action work)
    {
        for (var i = 0; i < 5; i++) work();
        var least = long.MaxValue;
        for (var round = 0; round < 3 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10; i++) work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
