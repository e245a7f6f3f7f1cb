using Tidegate.Drivers.Odoo;

namespace Tidegate.Tests.Odoo;

/// <summary>Every way in which an update of Odoo 19 was made to fail, by its real log, its exit code and what it left.</summary>
public sealed class SuccessOracleTests
{
    private static readonly CatalogueGap NotNull = new(GapKind.NotNull, "sale_order.promo_code", "char", Rows: 3);

    [Fact]
    public async Task A_good_migration_passes()
    {
        var verdict = SuccessOracle.Judge(OracleCase.Good(await OracleCase.LogAsync("good")));

        Assert.Equal(Verdict.Pass, verdict.Verdict);
    }

    [Fact]
    public async Task A_migration_script_that_raises_is_named_with_its_exception() =>
        await FailsAsync(
            "raise",
            facts => facts with { Job = facts.Job! with { Exit = 255 }, After = OracleCase.Before },
            "the migration script post-fill of lab_promo raised ValueError: no price list for the winter season (exit code 255)"
        );

    [Fact]
    public async Task An_unknown_dependency_of_the_updated_module_is_told_in_Odoos_words() =>
        await FailsAsync(
            "dep-unknown",
            facts => facts with { Job = facts.Job! with { Exit = 255 }, After = OracleCase.Before },
            "the migration raised odoo.exceptions.UserError: You try to upgrade the module lab_promo that depends on the module: lab_nowhere. But this module is not available in your system. (exit code 255)"
        );

    [Fact]
    public async Task A_dependency_that_cannot_be_installed_fails_although_the_exit_code_is_0() =>
        await FailsAsync(
            "dep-uninstallable",
            facts => facts with { After = Left("to upgrade", "19.0.1.0") },
            "the module lab_promo was passed over: something it depends on is missing"
        );

    [Fact]
    public async Task Another_module_that_is_no_longer_loaded_fails_although_the_exit_code_is_0() =>
        await FailsAsync(
            "dep-of-other",
            facts => facts with { ExpectedScripts = [], After = OracleCase.After },
            "the module lab_promo was passed over: something it depends on is missing"
        );

    [Fact]
    public async Task A_missing_folder_fails_although_the_exit_code_is_0() =>
        await FailsAsync(
            "folder-missing",
            facts => facts with { After = Left("to upgrade", "19.0.1.0") },
            "the module lab_promo is installed, but the release has no folder for it"
        );

    [Fact]
    public async Task A_module_that_is_not_installable_fails_although_the_exit_code_is_0() =>
        await FailsAsync(
            "not-installable",
            facts => facts with { After = Left("to upgrade", "19.0.1.0") },
            "the module lab_promo cannot be installed from this release and was passed over"
        );

    [Fact]
    public async Task A_misspelt_module_fails_although_nothing_else_tells() =>
        await FailsAsync("misspelt", facts => facts with { ExpectedScripts = [] }, "no module is called lab_prmo");

    [Fact]
    public async Task A_not_null_that_could_not_be_set_names_the_column_and_counts_the_rows() =>
        await FailsAsync(
            "notnull",
            facts => facts with { ExpectedScripts = [], After = OracleCase.After.Missing(NotNull) },
            "the column sale_order.promo_code must not be empty, but Odoo could not set NOT NULL: 3 rows have no value"
        );

    [Fact]
    public async Task A_not_null_that_was_missing_before_is_not_held_against_the_release()
    {
        var facts = OracleCase.Good(await OracleCase.LogAsync("notnull"));

        var verdict = SuccessOracle.Judge(
            facts with
            {
                ExpectedScripts = [],
                Before = OracleCase.Before.Missing(NotNull),
                After = OracleCase.After.Missing(NotNull),
            }
        );

        Assert.Equal(Verdict.Pass, verdict.Verdict);
        Assert.Equal([NotNull], verdict.Difference!.Known);
    }

    [Theory]
    [InlineData(
        "unique",
        GapKind.Constraint,
        "sale_order.sale_order_promo_unique",
        "unique(promo_code)",
        "the constraint sale_order.sale_order_promo_unique could not be set: unique(promo_code)"
    )]
    [InlineData(
        "check",
        GapKind.Constraint,
        "sale_order.sale_order_promo_check",
        "check(promo_code <> 'x')",
        "the constraint sale_order.sale_order_promo_check could not be set: check(promo_code <> 'x')"
    )]
    [InlineData(
        "uindex",
        GapKind.Index,
        "sale_order.sale_order_promo_idx",
        "UNIQUE INDEX (promo_code)",
        "the index sale_order.sale_order_promo_idx could not be made: UNIQUE INDEX (promo_code)"
    )]
    public async Task A_constraint_that_Odoo_swallowed_fails(
        string log,
        GapKind kind,
        string name,
        string detail,
        string sentence
    ) =>
        await FailsAsync(
            log,
            facts =>
                facts with
                {
                    ExpectedScripts = [],
                    After = OracleCase.After.Missing(new CatalogueGap(kind, name, detail)),
                },
            sentence
        );

    [Theory]
    [InlineData(
        "notnull",
        "the column sale_order.promo_code must not be empty, but Odoo could not set NOT NULL: rows have no value"
    )]
    [InlineData(
        "unique",
        "the unique index sale_order_promo_unique could not be made: rows are alike (Key (promo_code)=(x) is duplicated)"
    )]
    [InlineData("check", "the check constraint sale_order_promo_check could not be set: rows violate it")]
    public async Task The_log_alone_tells_a_swallowed_constraint(string log, string sentence) =>
        await FailsAsync(log, facts => facts with { ExpectedScripts = [] }, sentence);

    [Fact]
    public async Task A_kill_in_a_script_leaves_no_trace_but_its_signal() =>
        await FailsAsync(
            "kill-one",
            facts => facts with { Job = facts.Job! with { Exit = null, Signal = 9 }, After = OracleCase.Before },
            "the migration was killed by signal 9 while it ran post-fill of lab_promo"
        );

    [Fact]
    public async Task A_kill_in_the_second_module_is_told_with_its_place() =>
        await FailsAsync(
            "kill-two",
            facts => facts with { Job = facts.Job! with { Exit = null, Signal = 9 } },
            "the migration was killed by signal 9 while it ran pre-x of lab_dep"
        );

    [Fact]
    public async Task A_migration_folder_without_a_version_for_a_name_fails_although_the_exit_code_is_0() =>
        await FailsAsync(
            "bad-folder",
            facts => facts with { ExpectedScripts = [] },
            "the folder of migration scripts lab_promo/migrations/v1.1 has no version for a name; its scripts never run"
        );

    [Fact]
    public async Task A_script_without_the_function_migrate_is_told() =>
        await FailsAsync(
            "no-migrate",
            facts => facts with { Job = facts.Job! with { Exit = 255 }, After = OracleCase.Before },
            "the migration raised AttributeError: module lab_promo: Each post-migration file must have a \"migrate(cr, installed_version)\" function, not found in /srv/release/addons/lab_promo/migrations/1.1/post-fill.py (exit code 255)"
        );

    [Fact]
    public async Task A_view_that_names_an_unknown_field_fails()
    {
        var facts = OracleCase.Good(await OracleCase.LogAsync("bad-view"));

        var verdict = SuccessOracle.Judge(
            facts with
            {
                Job = facts.Job! with { Exit = 255 },
                After = OracleCase.Before,
            }
        );

        Assert.Equal(Verdict.Fail, verdict.Verdict);
        Assert.StartsWith(
            "the migration raised odoo.tools.convert.ParseError: while parsing",
            verdict.Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_script_that_did_not_run_fails() =>
        await FailsAsync(
            "good",
            facts => facts with { ExpectedScripts = [OracleCase.Fill, new("lab_promo", "1.1", "end-close")] },
            "the migration script end-close of lab_promo 1.1 did not run"
        );

    [Fact]
    public async Task A_module_that_did_not_arrive_at_its_version_fails() =>
        await FailsAsync(
            "good",
            facts => facts with { After = OracleCase.Before },
            "lab_promo should be at 19.0.1.1 but is at 19.0.1.0"
        );

    [Fact]
    public async Task Every_missing_fact_keeps_the_verdict_from_passing()
    {
        var facts = OracleCase.Good(await OracleCase.LogAsync("good"));
        MigrationFacts[] incomplete =
        [
            facts with
            {
                Job = null,
            },
            facts with
            {
                Job = facts.Job! with { Exit = null },
            },
            facts with
            {
                Log = null,
            },
            facts with
            {
                Log = await MigrationLog.ReadAsync(TextReader.Null, TestContext.Current.CancellationToken),
            },
            facts with
            {
                ExpectedVersions = null,
            },
            facts with
            {
                Before = null,
            },
            facts with
            {
                After = null,
            },
            facts with
            {
                After = Catalogue.Empty,
            },
        ];

        Assert.All(incomplete, missing => Assert.NotEqual(Verdict.Pass, SuccessOracle.Judge(missing).Verdict));
    }

    [Fact]
    public void A_release_without_module_changes_needs_no_log_but_both_catalogues()
    {
        var facts = new MigrationFacts([], null, null, null, [], OracleCase.Before, OracleCase.Before);

        Assert.Equal(Verdict.Pass, SuccessOracle.Judge(facts).Verdict);
        Assert.Equal(Verdict.Inconclusive, SuccessOracle.Judge(facts with { Before = null }).Verdict);
    }

    private static Catalogue Left(string state, string version) =>
        OracleCase.WithModules(("lab_dep", state, "19.0.1.0"), ("lab_promo", state, version));

    private static async Task FailsAsync(string log, Func<MigrationFacts, MigrationFacts> spoil, string sentence)
    {
        var verdict = SuccessOracle.Judge(spoil(OracleCase.Good(await OracleCase.LogAsync(log))));

        Assert.Equal(Verdict.Fail, verdict.Verdict);
        Assert.Contains(
            verdict.Answers,
            answer =>
                answer.Verdict is Verdict.Fail && string.Equals(answer.Sentence, sentence, StringComparison.Ordinal)
        );
    }
}
