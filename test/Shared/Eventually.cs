namespace Tidegate.TestKit;

/// <summary>Waits for a condition, within a bound.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <param name="otherwise">Said when the bound is over.</param>
    public static async Task IsTrueAsync(Func<Task<bool>> condition, Func<string> otherwise)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Bound, otherwise());
            await Task.Delay(Look, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <inheritdoc cref="IsTrueAsync(Func{Task{bool}}, Func{string})" />
    public static Task IsTrueAsync(Func<bool> condition, Func<string> otherwise) =>
        IsTrueAsync(() => Task.FromResult(condition()), otherwise);
}
