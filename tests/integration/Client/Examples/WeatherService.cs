using RelayServer.Client;
using RelayServer.Client.Services;

namespace Weather;

/// <summary>Says what the weather is like, and warns of storms.</summary>
public static class WeatherService
{
    /// <summary>Runs until it is cancelled; the token names the service "weather".</summary>
    public static async Task RunAsync(string edgeAddress, string token, CancellationToken cancellationToken)
    {
        await using RelayService service = await new ServiceBuilder("weather", "Weather")
            .Describe("What the weather is like, and warnings of storms.")
            .Verb("now", "Says what the weather is like", TellAsync, new ServiceParameter { Name = "place", Summary = "a town" })
            .Topic("storms", "Storm warnings", new ServiceSubject("north", "The north"), new ServiceSubject("south", "The south"))
            .StartAsync(
                new RelayClientOptions
                {
                    Endpoints = [RelayEndpoint.Parse(edgeAddress)],
                    TokenProvider = _ => ValueTask.FromResult(token),
                    ProducerId = 1,
                },
                cancellationToken);

        var storm = new ServiceCard { Item = "storm-1", Title = "A storm is coming", Fields = [new CardField("Wind", "110 km/h")] };
        await service.UpdateAsync("topic:weather.storms", storm, ["north"], number: 1, cancellationToken);
        await service.Completion.WaitAsync(cancellationToken);
    }

    private static async ValueTask<ServiceResult> TellAsync(ServiceCommand command, CancellationToken cancellationToken)
    {
        await Task.Yield(); // Here it would look at the sky.
        string place = command.Arguments[0];
        return place == "Mars" ? ServiceResult.Refused("There is no weather there.") : ServiceResult.Of($"Sunny in {place}.");
    }
}
