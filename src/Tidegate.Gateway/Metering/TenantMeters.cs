namespace Tidegate.Gateway.Metering;

/// <summary>A tenant's meters: one for each of its latest generations.</summary>
internal sealed class TenantMeters
{
    /// <summary>Generations remembered a tenant, so that the number of series stays bounded however many releases come.</summary>
    private const int Kept = 4;

    private readonly Lock sync = new();
    private RouteMeter[] meters = [];

    public IReadOnlyList<RouteMeter> All => Volatile.Read(ref meters);

    /// <summary>The meter of a generation, which becomes the latest.</summary>
    public RouteMeter For(string generation)
    {
        lock (sync)
        {
            var meter = meters.FirstOrDefault(each => each.Generation == generation) ?? new RouteMeter(generation);
            Volatile.Write(ref meters, [.. meters.Where(each => each != meter).TakeLast(Kept - 1), meter]);
            return meter;
        }
    }
}
