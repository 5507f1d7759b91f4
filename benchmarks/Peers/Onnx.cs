using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace NativeTrainer.Benchmarks;

/// <summary>ONNX Runtime as a peer: a graph of a folder, its weights written beside it.</summary>
internal sealed class Onnx
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly string[] _inputNames, _outputNames;

    private Onnx(string path, int threads)
    {
        var options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        _session = new InferenceSession(path, options);
        (_inputNames, _outputNames) = ([.. _session.InputNames], [.. _session.OutputNames]);
    }

    /// <summary>Where the graphs are.</summary>
    public static string Folder { get; set; } = "onnx";

    /// <summary>The input names of the graph, in its order.</summary>
    public IReadOnlyList<string> InputNames => _inputNames;

    /// <summary>Gives a row the faster of some graphs as its peer, or the reason why it has none.</summary>
    /// <param name="duel">The row.</param>
    /// <param name="graphs">Names of graphs, without ending.</param>
    /// <param name="call">Makes one call of a graph.</param>
    public static Duel Against(Duel duel, string[] graphs, Func<Onnx, Action> call)
    {
        if (graphs.FirstOrDefault(graph => !File.Exists(Path.Combine(Folder, graph + ".onnx"))) is { } missing)
        {
            return duel with { PeerName = $"no {missing}.onnx in {Folder}; say where with --onnx" };
        }
        var candidates = graphs.Select(graph => (Name: graph, Call: call(new Onnx(WithWeights(graph), duel.Threads)))).ToList();
        var (name, work) = candidates.MinBy(candidate => Fastest(candidate.Call));
        return duel with { PeerName = $"ONNX Runtime 1.31 ({name})", Peer = work };
    }

    /// <summary>Runs the graph; the outputs are dropped.</summary>
    public void Run(IReadOnlyList<OrtValue> inputs)
    {
        using var outputs = _session.Run(_options, _inputNames, inputs, _outputNames);
    }

    private static double Fastest(Action work)
    {
        for (var i = 0; i < 3; i++) work();
        var best = double.MaxValue;
        for (var i = 0; i < 10; i++)
        {
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }

    // The graph's folder may not be written to: graph and weights go into a scratch folder. Values do not matter for time, only that they are no denormals.
    private static string WithWeights(string graph)
    {
        var scratch = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "nativetrainer-onnx")).FullName;
        var target = Path.Combine(scratch, graph + ".onnx");
        File.Copy(Path.Combine(Folder, graph + ".onnx"), target, overwrite: true);
        File.SetAttributes(target, FileAttributes.Normal);
        using var description = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, graph + ".json")));
        if (!description.RootElement.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object) return target;
        var (file, bytes) = (Path.Combine(scratch, data.GetProperty("file").GetString()!), data.GetProperty("bytes").GetInt64());
        if (new FileInfo(file) is { Exists: true } there && there.Length == bytes) return target;
        using var stream = File.Create(file);
        var (random, block) = (new Random(1), new float[1 << 20]);
        for (var i = 0; i < block.Length; i++) block[i] = (random.NextSingle() - 0.5f) * 0.1f;
        var raw = System.Runtime.InteropServices.MemoryMarshal.AsBytes(block.AsSpan());
        for (var at = 0L; at < bytes; at += raw.Length) stream.Write(raw[..(int)Math.Min(raw.Length, bytes - at)]);
        return target;
    }
}
