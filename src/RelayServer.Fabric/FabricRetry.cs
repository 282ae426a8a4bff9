namespace RelayServer.Fabric;

/// <summary>Waits for a fabric that cannot be reached.</summary>
public static class FabricRetry
{
    /// <summary>
    /// Calls until the fabric can be reached. Only that it cannot is waited for: every other failure, which trying
    /// again does not mend, is the caller's.
    /// </summary>
    /// <param name="call">What is called.</param>
    /// <param name="interval">The pause before the next call.</param>
    /// <param name="unavailable">Told why the fabric cannot be reached, once.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<T> RunAsync<T>(
        Func<Task<T>> call, TimeSpan interval, Action<string> unavailable, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(unavailable);
        bool told = false;
        while (true)
        {
            try
            {
                return await call();
            }
            catch (FabricUnavailableException exception)
            {
                if (!told)
                {
                    told = true;
                    unavailable(exception.Message);
                }

                await Task.Delay(interval, time, cancellationToken);
            }
        }
    }
}
