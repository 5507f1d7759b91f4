using NativeTrainer.Kernels.Cpu;

namespace NativeTrainer.Kernels.Tests.Cpu;

public sealed unsafe class ScratchTests
{
    [Test]
    public void LoansAreAlignedApartAndReused()
    {
        OnFreshThread(() =>
        {
            nint first = Fill(out bool apart);
            Assert.That(apart, Is.True, "loans overlap");
            Assert.That(Fill(out _), Is.EqualTo(first), "the second round of the same loans lies elsewhere");
            Assert.That(Fill(out _), Is.EqualTo(first), "the third round of the same loans lies elsewhere");
        });

        static nint Fill(out bool apart)
        {
            using Scratch.Loan<float> a = Scratch.Rent<float>(1001);
            using Scratch.Loan<double> b = Scratch.Rent<double>(3);
            using Scratch.Loan<byte> c = Scratch.Rent<byte>(100_000);
            Assert.That((int)(((nint)a.Pointer | (nint)b.Pointer | (nint)c.Pointer) % 64), Is.Zero, "alignment");
            new Span<float>(a.Pointer, 1001).Fill(1);
            new Span<double>(b.Pointer, 3).Fill(2);
            new Span<byte>(c.Pointer, 100_000).Fill(3);
            apart = !new Span<float>(a.Pointer, 1001).ContainsAnyExcept(1f) && !new Span<double>(b.Pointer, 3).ContainsAnyExcept(2.0);
            return (nint)a.Pointer;
        }
    }

    [Test]
    public void LargeLoansGrowOnceAndStayValidWhileInnerOnesComeAndGo()
    {
        OnFreshThread(() =>
        {
            for (int round = 0; round < 3; round++)
            {
                using Scratch.Loan<int> outer = Scratch.Rent<int>(50_000);
                new Span<int>(outer.Pointer, 50_000).Fill(7);
                for (int i = 0; i < 3; i++)
                {
                    using Scratch.Loan<int> inner = Scratch.Rent<int>(300_000 * (i + 1));
                    new Span<int>(inner.Pointer, 300_000 * (i + 1)).Fill(9);
                }

                Assert.That(new Span<int>(outer.Pointer, 50_000).ContainsAnyExcept(7), Is.False);
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            using (Scratch.Rent<int>(50_000)) { }
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        });
    }

    private static void OnFreshThread(Action test)
    {
        Exception? failure = null;
        Thread thread = new(() => { try { test(); } catch (Exception e) { failure = e; } });
        thread.Start();
        thread.Join();
        if (failure is not null) Assert.Fail(failure.Message);
    }
}
