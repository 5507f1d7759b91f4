using System.IO.Enumeration;
using NativeTrainer.Benchmarks;
using NativeTrainer.Benchmarks.Rows;

// ./bench peers [--filter NAMES] [--json FILE] [--onnx FOLDER]
(string Name, Func<Duel> Make)[] rows =
[
    ("gemm-1024-1t", Products.Square1),
    ("gemm-1024", Products.Square),
    ("gemm-qkv", Products.Projection),
    ("gemm-dw", Products.WeightGradient),
    ("gemm-mlp", Products.Mlp),
    ("gemv-4096", Products.MatrixVector),
    ("attention-1024", Functions.Attention),
    ("softmax", Functions.Softmax),
    ("layernorm", Functions.LayerNorm),
    ("gelu", Functions.Gelu),
    ("cross-entropy", Functions.CrossEntropy),
    ("adamw-50m", Optimization.AdamW),
    ("gpt-block", Training.Block),
    ("gpt-step", Training.Step),
    ("decode-124m", Inference.Decode),
    ("minilm-1x32", MiniLm.One),
    ("minilm-16x64", MiniLm.Sixteen),
    ("minilm-step", MiniLm.Step),
    ("forward-tiny", Inference.ForwardTiny),
    ("forward-tiny-p99", Inference.ForwardTinySlowest),
    ("forward-tiny-10", Inference.ForwardTinyTen),
    ("trainer-overhead", Training.Overhead),
];

var (filter, json) = ("*", (string?)null);
for (var i = 0; i < args.Length; i += 2)
{
    if (i + 1 == args.Length) return Refuse($"{args[i]} has no value");
    switch (args[i])
    {
        case "--filter": filter = args[i + 1]; break;
        case "--json": json = args[i + 1]; break;
        case "--onnx": Onnx.Folder = args[i + 1]; break;
        default: return Refuse($"{args[i]} is unknown, expected --filter NAMES, --json FILE or --onnx FOLDER");
    }
}
var patterns = filter.Split(',', ' ');
var chosen = rows.Where(row => patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, row.Name))).ToList();
if (chosen.Count == 0) return Refuse($"--filter {filter} fits no row, expected some of {string.Join(", ", rows.Select(row => row.Name))}");

Report.Machine();
List<Result> results = [];
foreach (var (_, make) in chosen)
{
    var duel = make();
    var (ours, peer) = Stopwatches.Measure(duel);
    results.Add(Result.Of(duel, ours, peer));
    Report.Line(results[^1]);
    GC.Collect();
}
if (json is not null) Report.Write(json, results);
return 0;

static int Refuse(string problem)
{
    Console.Error.WriteLine("bench peers: " + problem);
    return 2;
}
