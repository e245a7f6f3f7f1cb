using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Tidegate.Drivers.Copies;
using Tidegate.Drivers.Copies.Masks;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Copies;

/// <summary>A person whose words are in every kind of field of a real Odoo 19 shop is found nowhere in its masked copy.</summary>
[Collection(nameof(OdooShop))]
public sealed class MaskingTests(PlantedShop planted) : IClassFixture<PlantedShop>
{
    private const string Canary = "CanaryQ7";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_person_is_found_nowhere_and_the_source_is_as_it_was_and_the_copy_works()
    {
        var copy = await planted.NeutralAsync("masked");
        var files = await planted.LinkFilesAsync(copy);
        var (rows, contents) = (await TablesWithAsync(copy, Canary), await FilesWithAsync(files));
        var source = await DigestAsync(planted.SourceFiles);
        Assert.True(rows.Count >= 10, $"only found in {string.Join(", ", rows)}");
        Assert.True(contents.Length > 0);

        var report = await new Masking().MaskAsync(copy, files, new MaskingTerms(), Token);

        Assert.Empty(await TablesWithAsync(copy, Canary));
        Assert.Empty(await FilesWithAsync(files));
        Assert.Empty(await FilesWithAsync(await DataFolderAsync(copy)));
        Assert.Equal(source, await DigestAsync(planted.SourceFiles));
        Assert.Empty(await planted.ProveAsync(copy));
        Assert.True(report is { Tables: > 20, Attachments: > 0, RemovedFiles: > 0 }, $"{report}");
        await CopyWorksAsync(copy);
        TestContext.Current.SendDiagnosticMessage($"found in {rows.Count} tables before; {report}");
    }

    [Fact]
    public async Task One_value_has_one_mask_everywhere_and_another_in_another_copy()
    {
        var (one, other) = (await planted.NeutralAsync("mask_one"), await planted.NeutralAsync("mask_other"));

        await new Masking().MaskAsync(one, null, new MaskingTerms(), Token);
        await new Masking().MaskAsync(other, null, new MaskingTerms(), Token);

        const string email = "SELECT email FROM res_partner WHERE id = (SELECT max(partner_id) FROM carrier_ftp)";
        Assert.Equal(
            await planted.ScalarAsync(one, email),
            await planted.ScalarAsync(
                one,
                email.Replace("SELECT email", "SELECT email_normalized", StringComparison.Ordinal)
            )
        );
        Assert.EndsWith("@masked.invalid", await planted.ScalarAsync(one, email), StringComparison.Ordinal);
        Assert.NotEqual(await planted.ScalarAsync(one, email), await planted.ScalarAsync(other, email));
        Assert.Equal(
            "en_US,nb_NO",
            await planted.ScalarAsync(
                one,
                "SELECT string_agg(k, ',' ORDER BY k) FROM carrier_ftp, jsonb_object_keys(label) AS k WHERE id = (SELECT max(id) FROM carrier_ftp)"
            )
        );
        Assert.Equal(
            "1",
            await planted.ScalarAsync(one, "SELECT count(*) FROM res_users WHERE password IS NOT NULL AND active")
        );
        Assert.Equal(
            "0",
            await planted.ScalarAsync(one, "SELECT count(*) FROM pg_proc WHERE proname LIKE 'tidegate%'")
        );
    }

    [Fact]
    public async Task A_database_that_was_never_neutralised_is_not_touched()
    {
        var copy = await planted.CopyAsync("mask_live");

        var refusal = await Assert.ThrowsAsync<CopyRefusedException>(() =>
            new Masking().MaskAsync(copy, null, new MaskingTerms(), Token)
        );

        Assert.Contains("never neutralised", refusal.Message, StringComparison.Ordinal);
        Assert.NotEmpty(await TablesWithAsync(copy, Canary));
    }

    [Fact]
    public async Task Whatever_is_cut_between_is_made_good_by_the_next_masking()
    {
        var copy = await planted.NeutralAsync("mask_again");
        var files = await planted.LinkFilesAsync(copy);

        await new Masking().MaskAsync(copy, null, new MaskingTerms(), Token);
        var left = await FilesWithAsync(files);
        await new Masking().MaskAsync(copy, files, new MaskingTerms(), Token);

        Assert.NotEmpty(left);
        Assert.Empty(await FilesWithAsync(files));
        Assert.Empty(await TablesWithAsync(copy, Canary));
    }

    /// <summary>Whole rows as text, in any case, and as PostgreSQL prints bytes.</summary>
    private async Task<List<string>> TablesWithAsync(CopyDatabase copy, string word)
    {
        await using var session = await copy.Postgres.OpenAsync(copy.Name, "postgres", Token);
        var tables = await session.QueryAsync(
            "select oid::regclass::text from pg_class where relkind in ('r', 'm') and relnamespace not in ('pg_toast'::regnamespace, 'information_schema'::regnamespace)",
            [],
            row => row.GetString(0),
            Token
        );
        var found = new List<string>();
        foreach (var table in tables)
        {
            var holds = await session.ScalarAsync<bool>(
                $"select exists (select from {table} as t where t::text ilike $1 or t::text like $2)",
                [$"%{word}%", $"%{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(word))}%"],
                Token
            );
            if (holds)
            {
                found.Add(table);
            }
        }

        return found;
    }

    /// <summary>The files that have the word; one that the running cluster takes away meanwhile has it nowhere.</summary>
    private static async Task<string> FilesWithAsync(string folder)
    {
        var answer = await Tool.RunAsync("grep", ["-rlia", "--", Canary, folder], Token);
        return answer.ExitCode switch
        {
            0 => answer.Output,
            1 => "",
            2 when answer.Complaint.Split('\n', StringSplitOptions.RemoveEmptyEntries).All(IsGone) => answer.Output,
            _ => throw new InvalidOperationException(answer.Complaint),
        };
    }

    private static bool IsGone(string complaint) =>
        complaint.EndsWith(": No such file or directory", StringComparison.Ordinal);

    /// <summary>Where PostgreSQL keeps the copy, with everything written.</summary>
    private async Task<string> DataFolderAsync(CopyDatabase copy)
    {
        await planted.Shop.Cluster.ExecuteAsync("postgres", "CHECKPOINT");
        return Path.Combine(
            planted.Shop.Cluster.DataDirectory,
            "base",
            (await planted.ScalarAsync(copy, "SELECT oid FROM pg_database WHERE datname = current_database()"))!
        );
    }

    private static async Task<string> DigestAsync(string folder)
    {
        var answer = await Tool.RunAsync(
            "/bin/sh",
            [
                "-c",
                "cd \"$1\" && find . -type f -printf '%p %U %m\\n' -exec sha1sum {} + | sort | sha1sum",
                "sh",
                folder,
            ],
            Token
        );
        return answer.Output;
    }

    private async Task CopyWorksAsync(CopyDatabase copy)
    {
        int port = FreePort.Find(),
            evented = FreePort.Find();
        await using var odoo = OdooProcess.Start(
            planted.Shop,
            "masked.log",
            [
                .. await planted.OdooAsync(copy.Name),
                "--max-cron-threads",
                "0",
                "--http-port",
                $"{port}",
                "--gevent-port",
                $"{evented}",
            ]
        );
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await Fixtures.Eventually.IsTrueAsync(() => AnswersAsync(client), "Odoo answers");

        var session = await CallAsync(
            client,
            "/web/session/authenticate",
            new JsonObject
            {
                ["db"] = copy.Name,
                ["login"] = "admin",
                ["password"] = OdooShop.Password,
            }
        );
        var confirmed = await CallAsync(
            client,
            "/web/dataset/call_kw/sale.order/action_confirm",
            new JsonObject
            {
                ["model"] = "sale.order",
                ["method"] = "action_confirm",
                ["args"] = new JsonArray(new JsonArray(await DraftAsync(copy))),
                ["kwargs"] = new JsonObject(),
            }
        );

        Assert.True((int?)session["result"]?["uid"] > 0, session.ToJsonString());
        Assert.True((bool?)confirmed["result"], confirmed.ToJsonString());
    }

    private async Task<int> DraftAsync(CopyDatabase copy) =>
        int.Parse(
            (await planted.ScalarAsync(copy, "SELECT max(id) FROM sale_order WHERE state = 'draft'"))!,
            System.Globalization.CultureInfo.InvariantCulture
        );

    private static async Task<JsonObject> CallAsync(HttpClient client, string path, JsonObject parameters)
    {
        using var response = await client.PostAsJsonAsync(
            path,
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["method"] = "call",
                ["params"] = parameters,
            },
            Token
        );
        return (await response.Content.ReadFromJsonAsync<JsonObject>(Token))!;
    }

    private static async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            using var response = await client.GetAsync("/web/login", Token);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }
}
