using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using NativeTrainer.Benchmarks.Optimizers;

// ./bench TOOL …: the first word says which; anything else is BenchmarkDotNet's.
switch (args)
{
    case ["optimizers", .. var rest]: return OptimizerStudy.Run(rest);
}

// In this process: a project generated elsewhere would not know this solution's settings.
var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));

// ./bench --filter '*MatMul*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
return 0;
