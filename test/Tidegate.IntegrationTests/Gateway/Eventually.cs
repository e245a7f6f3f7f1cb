using System.Diagnostics;

namespace Tidegate.IntegrationTests.Gateway;

/// <summary>Awaits a condition within a bound.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    public static async Task IsTrueAsync(Func<Task<bool>> condition, Func<string> otherwise)
    {
        var watch = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition())
        {
            Assert.True(watch.Elapsed < Bound, otherwise());
            await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    public static Task IsTrueAsync(Func<bool> condition, Func<string> otherwise) =>
        IsTrueAsync(() => Task.FromResult(condition()), otherwise);
}
