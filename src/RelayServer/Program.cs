using RelayServer.Cli;

return await RelayCommandLine.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
