namespace Tidegate.Demo.Recording;

/// <summary>Where the orders really are: the databases, read past Odoo and past the engine.</summary>
internal interface IOrderBook
{
    /// <summary>Every order of a tenant whose reference begins with <paramref name="run"/>.</summary>
    Task<IReadOnlyList<StoredOrder>> ReadAsync(string tenant, string run, CancellationToken cancellationToken);
}
