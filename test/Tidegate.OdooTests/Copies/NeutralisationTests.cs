using Tidegate.Drivers.Copies;
using Tidegate.Drivers.Copies.Neutralising;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Copies;

/// <summary>Copies of a real Odoo 19 shop that would send, fetch, run and pay.</summary>
[Collection(nameof(OdooShop))]
public sealed class NeutralisationTests(PlantedShop planted) : IClassFixture<PlantedShop>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_raw_copy_is_not_neutral_and_every_reason_is_named()
    {
        var copy = await planted.CopyAsync("raw");

        var reasons = await planted.ProveAsync(copy);

        foreach (var part in Planted)
        {
            Assert.Contains(reasons, reason => reason.Contains(part, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_module_that_keeps_credentials_and_has_no_script_refuses_the_copy_and_nothing_was_changed()
    {
        var copy = await planted.CopyAsync("unaccepted");
        var before = await planted.ScalarAsync(copy, Fingerprint);

        var refusal = await Assert.ThrowsAsync<CopyRefusedException>(() =>
            planted.NeutraliseAsync(copy, new NeutralisationTerms())
        );

        Assert.Equal(
            "1 rows of carrier_ftp.ftp_password (module carrier_ftp) hold what looks like a credential, and no script takes it out",
            Assert.Single(refusal.Reasons)
        );
        Assert.Equal(before, await planted.ScalarAsync(copy, Fingerprint));
    }

    [Fact]
    public async Task A_neutralised_copy_is_proven_neutral_and_again_after_it_was_done_twice()
    {
        var copy = await planted.CopyAsync("twice");

        var first = await planted.NeutraliseAsync(copy, PlantedShop.Accepting);
        var proof = await planted.ProveAsync(copy);
        var second = await planted.NeutraliseAsync(copy, PlantedShop.Accepting);

        Assert.Empty(proof);
        Assert.Empty(await planted.ProveAsync(copy));
        Assert.Equal(await planted.IdentityAsync(), first.Source);
        Assert.NotEqual(first.Source, second.Source);
        Assert.Equal("1", await planted.ScalarAsync(copy, "SELECT count(*) FROM ir_mail_server WHERE active"));
        Assert.Equal(
            "0",
            await planted.ScalarAsync(copy, "SELECT count(*) FROM pg_proc WHERE proname = 'tidegate_neutralise'")
        );
        Assert.Contains("carrier_ftp.ftp_password", first.Emptied);
        Assert.Contains("carrier_ftp.api_key", first.EmptiedParameters);
        Assert.Contains("parcels.endpoint", first.Addresses);
        Assert.Contains(new NeutralisedRows("queue jobs cancelled", 4), first.Changes);
    }

    [Fact]
    public async Task The_scripts_that_run_are_those_that_Odoo_would_run()
    {
        var copy = await planted.CopyAsync("printed");
        await using var odoo = OdooProcess.Start(
            planted.Shop,
            "printed.log",
            [planted.Shop.Odoo.Program, "neutralize", .. (await planted.OdooAsync(copy.Name)).Skip(1), "--stdout"]
        );
        Assert.True(await odoo.WaitForExitAsync() == 0, odoo.ReadLog());

        var report = await planted.NeutraliseAsync(copy, PlantedShop.Accepting);

        var printed = odoo.ReadLog();
        foreach (var module in report.Scripts)
        {
            var script = (await planted.Addons.ScriptAsync(module, Token))!;
            Assert.Contains(script.Trim().TrimEnd(';'), printed, StringComparison.Ordinal);
            printed = printed.Replace(script.Trim().TrimEnd(';') + ";", "", StringComparison.Ordinal);
        }

        Assert.DoesNotContain(
            printed.Split('\n'),
            line =>
                line.StartsWith("UPDATE", StringComparison.Ordinal)
                || line.StartsWith("DELETE", StringComparison.Ordinal)
        );
    }

    [Fact]
    [Trait("Length", "long")]
    public async Task Odoo_runs_on_a_neutral_copy_and_nobody_outside_hears_of_it_while_its_source_would_be_heard()
    {
        var (raw, neutral) = (await planted.CopyAsync("loud"), await planted.NeutralAsync("silent"));

        await RunCronsAsync(raw.Name, () => planted.Smtp.Connections > 0 && planted.Http.Connections > 0);
        var (mails, calls) = (planted.Smtp.Connections, planted.Http.Connections);
        var started = TimeProvider.System.GetTimestamp();
        await RunCronsAsync(neutral.Name, () => TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(25));

        Assert.Equal((mails, calls), (planted.Smtp.Connections, planted.Http.Connections));
        TestContext.Current.SendDiagnosticMessage($"source: {mails} mails, {calls} calls; copy: none");
    }

    [Theory]
    [InlineData("RESET ROLE", "cannot set parameter \"role\"")]
    [InlineData("SET SESSION AUTHORIZATION postgres", "cannot set parameter \"session_authorization\"")]
    [InlineData("COMMIT", "transaction commands")]
    [InlineData("COPY (SELECT 1) TO PROGRAM 'true'", "pg_execute_server_program")]
    [InlineData("UPDATE no_such_table SET a = 1", "does not exist")]
    public async Task A_script_that_fails_or_wants_more_than_its_owner_may_refuses_the_copy(string script, string why)
    {
        var copy = await planted.CopyAsync($"script_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):n}");
        var folder = Directory.CreateTempSubdirectory("tidegate-script-").FullName;
        var data = Directory.CreateDirectory(Path.Combine(folder, "base", "data"));
        await File.WriteAllTextAsync(Path.Combine(data.FullName, "neutralize.sql"), script, Token);
        var addons = planted.Addons with { Paths = planted.Addons.Paths.Insert(0, folder) };

        var refusal = await Assert.ThrowsAsync<CopyRefusedException>(() =>
            NeutralisationRun.RunAsync(copy, addons, PlantedShop.Accepting, Token)
        );

        Directory.Delete(folder, recursive: true);
        Assert.Contains("the script of module base failed", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.NotEmpty(await planted.ProveAsync(copy));
    }

    [Fact]
    public async Task Another_series_and_a_release_without_an_installed_module_are_refused()
    {
        var copy = await planted.CopyAsync("refused");
        var without = planted.Addons with { Paths = [.. planted.Addons.Paths.Take(planted.Addons.Paths.Length - 1)] };

        var missing = await RefusalAsync(copy, without);
        var other = await RefusalAsync(copy, planted.Addons with { Series = "18.0" });
        await planted.Shop.Cluster.ExecuteAsync(
            copy.Name,
            "UPDATE ir_module_module SET latest_version = '17.0.1.3' WHERE name = 'base'"
        );
        var unproven = await RefusalAsync(copy, planted.Addons);

        Assert.Contains("lacks installed modules (carrier_ftp)", missing, StringComparison.Ordinal);
        Assert.Contains("of Odoo 19.0 and the release of 18.0", other, StringComparison.Ordinal);
        Assert.Contains("it is of Odoo 17.0", unproven, StringComparison.Ordinal);
        Assert.Contains(await planted.ProveAsync(copy), reason => reason.Contains("17.0", StringComparison.Ordinal));
    }

    private async Task<string> RefusalAsync(CopyDatabase copy, ReleaseAddons addons) =>
        (
            await Assert.ThrowsAsync<CopyRefusedException>(() =>
                NeutralisationRun.RunAsync(copy, addons, PlantedShop.Accepting, Token)
            )
        ).Message;

    private async Task RunCronsAsync(string database, Func<bool> until)
    {
        await using var odoo = OdooProcess.Start(
            planted.Shop,
            $"crons-{database}.log",
            [
                .. await planted.OdooAsync(database),
                "--max-cron-threads",
                "2",
                "--http-port",
                $"{FreePort.Find()}",
                "--gevent-port",
                $"{FreePort.Find()}",
            ]
        );
        await Fixtures.Eventually.IsTrueAsync(
            () => until() || (odoo.HasEnded ? throw new InvalidOperationException(odoo.ReadLog()) : false),
            $"Odoo on {database} did what was waited for"
        );
        Assert.False(odoo.HasEnded);
    }

    private const string Fingerprint = """
        SELECT md5(string_agg(t, '' ORDER BY t))
          FROM (SELECT p::text AS t FROM ir_config_parameter p UNION ALL SELECT m::text FROM mail_mail m
                UNION ALL SELECT c::text FROM ir_cron c UNION ALL SELECT f::text FROM carrier_ftp f) AS rows
        """;

    /// <summary>Parts of sentences, one for each thing that the shop has planted.</summary>
    private static readonly string[] Planted =
    [
        "outgoing mail server \"Real\"",
        "no active mail server leads nowhere",
        "cron \"Push parcels\"",
        "mails are queued",
        "text messages are queued",
        "4 queue jobs",
        "push devices",
        "1 API keys",
        "incoming mail server \"Orders\"",
        "payment provider",
        "webhook",
        "incoming webhooks",
        "sign-in provider",
        "accounts of paid services",
        "database.is_neutralized",
        "database.uuid is its source's",
        "database.secret is its source's",
        "web.base.url is its source's",
        "carrier_ftp.ftp_password",
        "parameter carrier_ftp.api_key",
    ];
}
