using System.Globalization;
using Tidegate.Drivers.Databases;

namespace Tidegate.Demo.Shops;

/// <summary>Years of trade in a shop's database and filestore, made by <c>samples/shopdata/make</c>: the same for the same seed and size.</summary>
/// <param name="Megabytes">How large the database is afterwards, within a tenth.</param>
/// <param name="Seed">Another seed makes another shop.</param>
internal sealed record ShopData(int Megabytes, int Seed)
{
    /// <summary>All or nothing; nothing when it was made before.</summary>
    /// <param name="repository">Absolute path of the checkout.</param>
    /// <param name="filestore">The database's folder of files; they belong to whom it belongs to.</param>
    /// <returns>What was made, in a sentence.</returns>
    /// <exception cref="Story.StoryException">The database cannot take it; the message says why.</exception>
    public async Task<string> FillAsync(
        string repository,
        SitePostgres postgres,
        string database,
        string filestore,
        CancellationToken cancellationToken
    ) =>
        (
            await Tool.RunAsync(
                "env",
                [
                    $"PGHOST={postgres.SocketDirectory}",
                    $"PGPORT={Text(postgres.Port)}",
                    $"PGUSER={SitePostgres.Superuser}",
                    Path.Combine(repository, "samples", "shopdata", "make"),
                    database,
                    $"--megabytes={Text(Megabytes)}",
                    $"--seed={Text(Seed)}",
                    $"--filestore={filestore}",
                ],
                cancellationToken
            )
        ).Trim();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
