using System.Buffers.Binary;

namespace NativeTrainer.Tensors;

/// <summary>PyTorch's random numbers on the CPU (<c>torch.Generator</c>): the same seed gives the same order
/// of data and the same initial weights.</summary>
/// <remarks>
/// All draws take words from one <see cref="MersenneTwister"/>; each says how many. A generator serves one thread at a time.
/// <example><code>
/// var generator = new TorchGenerator(42);
/// var weights = new float[64];
/// generator.Normal(weights, mean: 0, std: 0.02); // torch.manual_seed(42); torch.empty(64).normal_(0, 0.02)
/// </code></example>
/// </remarks>
public sealed partial class TorchGenerator
{
    /// <summary>Bytes of a saved state.</summary>
    public const int StateSize = 5056;

    /// <summary>What PyTorch seeds a process with that never calls <c>manual_seed</c>.</summary>
    public const ulong DefaultSeed = 67280421310721;

    [ThreadStatic]
    private static TorchGenerator? _default;

    private readonly MersenneTwister _twister;
    private double? _secondNormal;
    private float? _secondSingleNormal; // PyTorch keeps it in the state, and its CPU draws never set it

    /// <summary>A generator with a seed; see <see cref="Seed"/>.</summary>
    public TorchGenerator(ulong seed)
    {
        _twister = new MersenneTwister((uint)seed);
        InitialSeed = seed;
    }

    /// <summary>A generator that goes on where a saved state stands; see <see cref="SetState"/>.</summary>
    public TorchGenerator(ReadOnlySpan<byte> state)
        : this(0) => SetState(state);

    /// <summary>The generator that modules and trainers draw from: one for each thread, so that two trainings
    /// side by side do not disturb each other.</summary>
    public static TorchGenerator Default => _default ??= new TorchGenerator(DefaultSeed);

    /// <summary>The seed that the stream began with.</summary>
    public ulong InitialSeed { get; private set; }

    /// <summary>Starts the stream again (<c>manual_seed</c>). Only the low 32 bits count.</summary>
    public void Seed(ulong seed)
    {
        _twister.Seed((uint)seed);
        (InitialSeed, _secondNormal, _secondSingleNormal) = (seed, null, null);
    }

    /// <summary>The state as the bytes of <c>torch.get_rng_state()</c>.</summary>
    public byte[] GetState()
    {
        var state = new byte[StateSize];
        var next = _twister.IsFresh ? 0 : _twister.Position;
        BinaryPrimitives.WriteUInt64LittleEndian(state, InitialSeed);
        BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(8), _twister.IsFresh ? 1 : MersenneTwister.Length + 1 - next);
        BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(12), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(state.AsSpan(16), (ulong)next);
        for (var i = 0; i < MersenneTwister.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(state.AsSpan(24 + (8 * i)), _twister.Words[i]);
        }
        BinaryPrimitives.WriteDoubleLittleEndian(state.AsSpan(5024), _secondNormal ?? 0);
        BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(5040), _secondNormal is null ? 0 : 1);
        BinaryPrimitives.WriteSingleLittleEndian(state.AsSpan(5048), _secondSingleNormal ?? 0);
        state[5052] = _secondSingleNormal is null ? (byte)0 : (byte)1;
        return state;
    }

    /// <summary>Goes on where a state stands that PyTorch or <see cref="GetState"/> has saved.</summary>
    /// <exception cref="ArgumentException">The bytes are not a state of PyTorch's CPU generator; nothing is changed.</exception>
    public void SetState(ReadOnlySpan<byte> state)
    {
        if (state.Length != StateSize)
        {
            throw new ArgumentException($"a CPU generator's state has {StateSize} bytes, found {state.Length}", nameof(state));
        }
        var left = BinaryPrimitives.ReadInt32LittleEndian(state[8..]);
        var next = BinaryPrimitives.ReadUInt64LittleEndian(state[16..]);
        var fresh = left == 1 && next == 0;
        if (!fresh && (next is 0 or > MersenneTwister.Length || left != MersenneTwister.Length + 1 - (int)next))
        {
            throw new ArgumentException(
                $"a CPU generator's state has 'left' + 'next' = {MersenneTwister.Length + 1}, found {left} and {next}", nameof(state));
        }
        Span<uint> words = stackalloc uint[MersenneTwister.Length];
        for (var i = 0; i < words.Length; i++)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(state[(24 + (8 * i))..]);
            if (word > uint.MaxValue)
            {
                throw new ArgumentException($"word {i} of a CPU generator's state has more than 32 bits: {word}", nameof(state));
            }
            words[i] = (uint)word;
        }
        _twister.Load(words, fresh ? MersenneTwister.Length : (int)next, fresh);
        InitialSeed = BinaryPrimitives.ReadUInt64LittleEndian(state);
        var waits = BinaryPrimitives.ReadInt32LittleEndian(state[5040..]) != 0;
        _secondNormal = waits ? BinaryPrimitives.ReadDoubleLittleEndian(state[5024..]) : null;
        _secondSingleNormal = state[5052] == 0 ? null : BinaryPrimitives.ReadSingleLittleEndian(state[5048..]);
    }
}
