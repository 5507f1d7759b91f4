using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using NativeTrainer.Autograd;
using NativeTrainer.Benchmarks.Machine;
using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Benchmarks.Rows;

/// <summary>What a service waits for: a token, a forward pass.</summary>
internal static class Inference
{
    private const int Past = 128;

    /// <summary>One token of GPT-2 124M with 128 before it; the limit is reading every weight once.</summary>
    public static Duel Decode()
    {
        var config = new Gpt2Config();
        var model = new Gpt2LMHeadModel(config);
        model.Eval();
        var (pool, cache) = (new TensorPool(), new KeyValueCache(2 * Past));
        var (before, next) = (Data.Ids(config.VocabSize, 1, Past), Data.Ids(config.VocabSize, 1, 1));
        void Run(Tensor ids)
        {
            using var silent = NoGrad.Enter();
            using var scope = pool.Enter();
            ((ICausalLanguageModel)model).NextTokenLogits(ids, null, null, cache);
        }

        Run(before);
        var bytes = 4.0 * model.NumParameters();
        var duel = Duel.Milliseconds("decode-124m", () =>
        {
            cache.Truncate(Past);
            Run(next);
        });
        duel = duel with { Limit = bytes / MachineLimits.Bandwidth(duel.Threads) / 1e6 };
        return Onnx.Against(duel, ["gpt2-124m-decode", "gpt2-124m-decode-fused"], graph =>
        {
            var inputs = graph.InputNames.Select(name => name == "input_ids"
                ? OrtValue.CreateTensorValueFromMemory(new long[] { 5 }, [1, 1])
                : name.Contains("key", StringComparison.Ordinal) || name.Contains("value", StringComparison.Ordinal)
                    ? OrtValue.CreateTensorValueFromMemory(Floats(12 * Past * 64), [1, 12, Past, 64])
                    : OrtValue.CreateTensorValueFromMemory(Floats(2 * 12 * Past * 64), [2, 1, 12, Past, 64])).ToList();
            return () => graph.Run(inputs);
        });
    }

    /// <summary>gpt2-tiny's shape, one row of 16 tokens, one thread.</summary>
    public static Duel ForwardTiny() => Onnx.Against(
        Duel.Microseconds("forward-tiny", Tiny()) with { Threads = 1 }, ["gpt2-tiny-forward"], graph =>
        {
            List<OrtValue> inputs = [OrtValue.CreateTensorValueFromMemory([.. Enumerable.Range(0, 16).Select(i => (i * 7L + 3) % 256)], [1, 16])];
            return () => graph.Run(inputs);
        });

    /// <summary>The slowest of a hundred such calls, against twice the median.</summary>
    public static Duel ForwardTinySlowest()
    {
        var work = Tiny();
        for (var i = 0; i < 2000; i++) work();
        var times = new List<double>();
        for (var i = 0; i < 5000; i++)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds * 1e6);
        }
        times.Sort();
        var slowest = times[times.Count * 99 / 100];
        return new Duel("forward-tiny-p99", "us", _ => slowest, () => { }) { Threads = 1, Limit = 2 * Statistics.Median(times), PeerName = "limit: twice the median" };
    }

    /// <summary>Ten threads of a service, a hundred passes each, against one thread that does all of them.</summary>
    public static Duel ForwardTinyTen()
    {
        const int threads = 10, passes = 100;
        var works = Enumerable.Range(0, threads).Select(_ => Tiny()).ToArray();
        var (start, end) = (new Barrier(threads + 1), new Barrier(threads + 1));
        foreach (var work in works)
        {
            new Thread(() =>
            {
                while (true)
                {
                    start.SignalAndWait();
                    for (var pass = 0; pass < passes; pass++) work();
                    end.SignalAndWait();
                }
            }) { IsBackground = true }.Start();
        }
        var alone = Tiny();
        return Duel.Milliseconds("forward-tiny-10", () =>
        {
            start.SignalAndWait();
            end.SignalAndWait();
        }) with
        {
            PeerName = "one after another",
            Peer = () =>
            {
                for (var pass = 0; pass < threads * passes; pass++) alone();
            },
        };
    }

    private static Action Tiny()
    {
        var model = new Gpt2LMHeadModel(new Gpt2Config
        {
            VocabSize = 256, NumHiddenLayers = 2, HiddenSize = 64, NumAttentionHeads = 4, NumPositions = 64,
            ResidDropout = 0, EmbeddingDropout = 0, AttentionDropout = 0,
        });
        model.Eval();
        var (pool, ids) = (new TensorPool(), Data.Ids(256, 1, 16));
        return () =>
        {
            using var silent = NoGrad.Enter();
            using var scope = pool.Enter();
            model.Forward(inputIds: ids);
        };
    }

    private static float[] Floats(int count)
    {
        var values = new float[count];
        new TorchGenerator(3).Normal(values);
        return values;
    }
}
