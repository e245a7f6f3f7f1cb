using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Tidegate.Demo.Story;

/// <summary>What happens to a site that nobody meant.</summary>
internal sealed class Mishaps(DemoSite site)
{
    /// <summary>A byte in the middle of a file that was stored is another one now; again, and it is as it was.</summary>
    public static async Task FlipByteAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var letter = new byte[1];
        file.Position = file.Length / 2;
        await file.ReadExactlyAsync(letter, cancellationToken);
        letter[0] ^= 1;
        file.Position--;
        await file.WriteAsync(letter, cancellationToken);
    }

    /// <summary>A statement without its WHERE.</summary>
    /// <returns>The statement.</returns>
    public async Task<string> LosePricesAsync(string database, CancellationToken cancellationToken)
    {
        const string Statement = "update product_template set list_price = 0";
        await using var connection = new NpgsqlConnection(site.Connection(database));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return Statement;
    }

    /// <summary>PostgreSQL is killed, and its data are gone.</summary>
    public async Task LoseClusterAsync(CancellationToken cancellationToken)
    {
        var pidFile = Path.Combine(site.Layout.PostgresData, "postmaster.pid");
        var pid = (await File.ReadAllLinesAsync(pidFile, cancellationToken))[0];
        using var postmaster = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
        postmaster.Kill(entireProcessTree: true);
        await postmaster.WaitForExitAsync(cancellationToken);
        Directory.Delete(site.Layout.PostgresData, recursive: true);
    }
}
