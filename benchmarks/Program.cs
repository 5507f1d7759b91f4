using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// In this process: a project generated elsewhere would not know this solution's settings.
var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));

// dotnet run -c Release --project benchmarks -- --filter '*MatMul*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
