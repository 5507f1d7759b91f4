return NativeTrainer.Cli.CommandLine.Run(args);
