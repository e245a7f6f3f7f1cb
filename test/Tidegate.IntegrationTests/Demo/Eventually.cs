namespace Tidegate.IntegrationTests.Demo;

/// <summary>Waits for a condition, within a bound.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public static async Task AsTrueAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Bound);
        while (!condition())
        {
            await Task.Delay(Look, TimeProvider.System, bound.Token);
        }
    }
}
