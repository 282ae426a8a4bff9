using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RelayServer.Options;

namespace RelayServer.Hosting;

/// <summary>Runs one relay process from its start to its end.</summary>
internal static class RelayHost
{
    /// <summary>Runs until somebody asks the process to stop.</summary>
    /// <param name="role">What it is.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="output">Takes the start screen.</param>
    /// <param name="cancellationToken">Stops it, as a signal does.</param>
    /// <exception cref="StartException">It could not start.</exception>
    public static async Task RunAsync(RelayRole role, RelaySettings settings, TextWriter output, CancellationToken cancellationToken)
    {
        using ILoggerFactory loggers = Logs.CreateFactory(settings.Log, role);
        using var failure = new CancellationTokenSource();
        string? failureReason = null;
        Readiness? readiness = null;
        using var composition = new RelayComposition(
            settings,
            () => readiness!,
            reason =>
            {
                failureReason = reason;
                failure.Cancel();
            },
            TimeProvider.System,
            loggers);
        RelayParts parts = composition.Create(role);
        readiness = new Readiness(parts.All);

        using IHost host = Build(role, settings, parts, readiness, loggers);
        using var impatience = new SecondInterrupt();
        await host.StartAsync(cancellationToken);
        try
        {
            await output.WriteAsync(StartScreen.Render(role, parts, settings.Edge.TlsCertificateFile is not null, LaunchCommand.Describe()));
            await output.FlushAsync(cancellationToken);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, failure.Token);
            using CancellationTokenRegistration announcing = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping
                .Register(() => output.WriteLine(StartScreen.Stopping));
            await host.WaitForShutdownAsync(ending.Token);
        }
        catch
        {
            // Whatever went wrong, such as an output that is closed: nothing is left running.
            await host.StopAsync(CancellationToken.None);
            throw;
        }

        if (failureReason is not null)
        {
            throw new StartException(failureReason);
        }
    }

    private static IHost Build(RelayRole role, RelaySettings settings, RelayParts parts, Readiness readiness, ILoggerFactory loggers)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(loggers);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(settings.Shutdown.TimeoutSeconds));
        builder.Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        builder.Services.AddSingleton<IHostedService>(_ => new RelayService(
            role, new PartSequence(parts.Stages, loggers.CreateLogger<PartSequence>()), readiness, loggers.CreateLogger<RelayService>()));
        return builder.Build();
    }
}
