using BenchmarkDotNet.Running;

// In this process: a short job of everything takes a few minutes and needs no project of BenchmarkDotNet's own.
BenchmarkSwitcher.FromAssembly(typeof(Micro.LineReaderBenchmarks).Assembly).Run([.. args, "--inProcess"]);
