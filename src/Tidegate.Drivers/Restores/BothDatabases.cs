namespace Tidegate.Drivers.Restores;

/// <summary>The live database and the one that takes its place, each with a session of its own, are asked at once: the shop waits for both.</summary>
internal static class BothDatabases
{
    /// <remarks>Where one fails, the other is waited for: its session is closed next, and must not be in use.</remarks>
    public static async Task<(T Live, TOther Restored)> AtOnceAsync<T, TOther>(Task<T> live, Task<TOther> restored)
    {
        await Task.WhenAll(live, restored);
        return (await live, await restored);
    }
}
