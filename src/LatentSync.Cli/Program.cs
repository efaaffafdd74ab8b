using LatentSync.Cli;

return await CliApplication.RunAsync(args).ConfigureAwait(false);
