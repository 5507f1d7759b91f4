using System.Runtime.InteropServices;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Working memory of a kernel: <c>using var buffer = Scratch.Rent&lt;float&gt;(n)</c> lends native memory of this thread, 64-byte aligned
/// and not cleared, until the scope ends. Loans nest (last lent, first returned) and cost no allocation once a thread has grown what it
/// needs.
/// </summary>
internal static unsafe class Scratch
{
    /// <summary>Alignment of every loan in bytes: a cache line, and a 512-bit vector.</summary>
    public const int Alignment = 64;

    [ThreadStatic] private static Arena? _arena;

    /// <summary>Lends <paramref name="count"/> elements to the calling thread.</summary>
    public static Loan<T> Rent<T>(nint count) where T : unmanaged
    {
        Arena arena = _arena ??= new Arena();
        return new Loan<T>(arena, checked(count * sizeof(T)));
    }

    /// <summary>Memory on loan; goes back on <see cref="Dispose"/>.</summary>
    public readonly ref struct Loan<T> where T : unmanaged
    {
        private readonly Arena _arena;
        private readonly (int Block, nint Used) _mark;

        internal Loan(Arena arena, nint bytes)
        {
            _arena = arena;
            _mark = arena.Mark;
            Pointer = (T*)arena.Take(bytes);
        }

        /// <summary>First element.</summary>
        public T* Pointer { get; }

        /// <summary>Returns the memory to its thread.</summary>
        public void Dispose() => _arena.Release(_mark);
    }

    /// <summary>A thread's blocks of native memory, used as one stack; freed with the thread.</summary>
    internal sealed class Arena
    {
        private const nint SmallestBlock = 256 * 1024;

        private readonly List<(nint Address, nint Size)> _blocks = [];
        private int _block;
        private nint _used;

        ~Arena()
        {
            foreach ((nint address, _) in _blocks) NativeMemory.AlignedFree((void*)address);
        }

        public (int Block, nint Used) Mark => (_block, _used);

        public void* Take(nint bytes)
        {
            bytes = (bytes + Alignment - 1) & -Alignment;
            while (_block < _blocks.Count && _used + bytes > _blocks[_block].Size)
            {
                _block++;
                _used = 0;
            }

            if (_block == _blocks.Count) Add(Math.Max(bytes, SmallestBlock));
            nint address = _blocks[_block].Address + _used;
            _used += bytes;
            return (void*)address;
        }

        public void Release((int Block, nint Used) mark)
        {
            (_block, _used) = mark;
            if (_block == 0 && _used == 0 && _blocks.Count > 1) Join();
        }

        // Once nothing is lent, several blocks become one: the same sequence of loans then fits without stepping over block ends.
        private void Join()
        {
            nint total = 0;
            foreach ((nint address, nint size) in _blocks)
            {
                NativeMemory.AlignedFree((void*)address);
                total += size;
            }

            _blocks.Clear();
            Add(total);
        }

        private void Add(nint size) => _blocks.Add(((nint)NativeMemory.AlignedAlloc((nuint)size, Alignment), size));
    }
}
