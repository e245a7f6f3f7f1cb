using System.Globalization;
using System.Text;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Odoo;

namespace Tidegate.Drivers.Restores;

/// <summary>Keeps every row that a way back loses, as CSV for people and as JSON for programs.</summary>
internal sealed class LossExport(PostgresSession live, Evidence evidence)
{
    /// <summary>Which files of a tenant's evidence are of these, also one that a kill cut off in its middle.</summary>
    public const string Files = "*lost-*";

    private const int Batch = 2000;

    /// <summary>Names of the files that it wrote; none when nothing is lost.</summary>
    public async Task<int> WriteAsync(LostRows lost, CancellationToken cancellationToken)
    {
        var ids = lost.Gone.ToArray();
        if (ids.Length == 0)
        {
            return 0;
        }

        await FileAsync(
            $"lost-{lost.Document.Key}.csv",
            to => CsvAsync(lost, ids, to, cancellationToken),
            cancellationToken
        );
        await FileAsync(
            $"lost-{lost.Document.Key}.json",
            to => JsonAsync(lost, ids, to, cancellationToken),
            cancellationToken
        );
        return 2;
    }

    private async Task CsvAsync(LostRows lost, long[] ids, TextWriter to, CancellationToken cancellationToken)
    {
        var hasHeader = true;
        foreach (var batch in ids.Chunk(Batch))
        {
            await live.ExportAsync(
                $"select t.* from public.{lost.Document.Table} t where t.id in ({List(batch)}) order by t.id",
                hasHeader,
                to,
                cancellationToken
            );
            hasHeader = false;
        }
    }

    private async Task JsonAsync(LostRows lost, long[] ids, TextWriter to, CancellationToken cancellationToken)
    {
        var separator = "[\n";
        foreach (var batch in ids.Chunk(Batch))
        {
            foreach (
                var row in await live.QueryAsync(
                    $"select row_to_json(t)::text from public.{lost.Document.Table} t where t.id = any($1) order by t.id",
                    [batch],
                    row => row.GetString(0),
                    cancellationToken
                )
            )
            {
                await to.WriteAsync(separator.AsMemory(), cancellationToken);
                await to.WriteAsync(row.AsMemory(), cancellationToken);
                separator = ",\n";
            }
        }

        await to.WriteAsync("\n]\n".AsMemory(), cancellationToken);
    }

    private Task FileAsync(string name, Func<TextWriter, Task> write, CancellationToken cancellationToken) =>
        evidence.WriteAsync(
            name,
            async stream =>
            {
                await using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
                await write(writer);
            },
            cancellationToken
        );

    private static string List(long[] ids) =>
        string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)));
}
