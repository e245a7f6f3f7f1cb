using Tidegate.Drivers.Odoo;

namespace Tidegate.Tests.Odoo;

public sealed class MigrationLogTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_scripts_that_ran_are_read_with_module_version_and_name()
    {
        var log = await OracleCase.LogAsync("kill-two");

        Assert.Equal([new ScriptRun("lab_promo", "1.1", "post-fill"), new("lab_dep", "1.1", "pre-x")], log.ScriptsRun);
        Assert.Equal(new ScriptRun("lab_dep", "1.1", "pre-x"), log.InterruptedScript);
    }

    [Fact]
    public async Task A_trial_that_Odoo_repeats_later_tells_nothing()
    {
        var log = await OracleCase.LogAsync("unique");

        Assert.Equal("WARNING ERROR", string.Join(' ', log.Findings.Select(finding => finding.Record.Level)));
    }

    [Fact]
    public async Task A_log_of_a_hundred_thousand_lines_keeps_its_index_small()
    {
        using var reader = new RepeatedLine(
            "2026-11-23 12:53:18,991 12592 ERROR shop__next odoo.schema: column \"a\" of relation \"b\" contains null values",
            100_000
        );

        var log = await MigrationLog.ReadAsync(reader, Token);

        Assert.Equal(100_000, log.ErrorCount);
        Assert.Equal(MigrationLog.MostKept, log.Errors.Length);
        Assert.Equal(MigrationLog.MostKept, log.Findings.Length);
    }

    [Fact]
    public async Task There_is_no_log_where_there_is_no_file() =>
        Assert.Null(await MigrationLog.FindAsync(Path.Combine(AppContext.BaseDirectory, "no.log"), Token));

    private sealed class RepeatedLine(string line, int times) : TextReader
    {
        private int _left = times;

        public override ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult(_left-- > 0 ? line : null);
    }
}
