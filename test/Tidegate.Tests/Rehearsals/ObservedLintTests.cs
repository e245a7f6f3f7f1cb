using Tidegate.ControlPlane.Rehearsals.Lint;
using Tidegate.ControlPlane.Rehearsals.Observed;
using static Tidegate.Tests.Rehearsals.Observations;

namespace Tidegate.Tests.Rehearsals;

/// <summary>Each rule finds what it is for, and nothing in a migration in which nothing happened.</summary>
public sealed class ObservedLintTests
{
    private static readonly LintLimits Limits = new() { FreeBytes = 100L << 30 };

    [Fact]
    public void Nothing_is_found_where_nothing_happened() => Assert.Empty(ObservedLint.Judge(Quiet, Limits));

    [Fact]
    public void Numbers_and_codes_are_given_out_once()
    {
        Assert.True(ObservedLint.Rules.Length >= 25);
        Assert.Distinct(ObservedLint.Rules.Select(rule => rule.Number));
        Assert.Distinct(ObservedLint.Rules.Select(rule => rule.Code));
        Assert.All(ObservedLint.Rules, rule => Assert.True(rule is { Why.Length: > 10, Mend.Length: > 3 }, rule.Code));
    }

    [Fact]
    public void Every_rule_is_tried_here() =>
        Assert.Equal(
            ObservedLint.Rules.Select(rule => rule.Code).Order(StringComparer.Ordinal),
            Cases.Keys.Select(name => name.Split(':')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void Finds(string name)
    {
        var (observed, severity) = Cases[name];

        var found = ObservedLint.Judge(observed, Limits).Where(finding => finding.Code == name.Split(':')[0]).ToList();

        Assert.NotEmpty(found);
        Assert.Equal(severity, found.Max(finding => finding.Severity));
    }

    /// <summary>What stands beside the cases and must not be taken for one.</summary>
    [Theory]
    [MemberData(nameof(HarmlessNames))]
    public void Leaves_alone(string name) =>
        Assert.DoesNotContain(
            ObservedLint.Judge(Harmless[name], Limits),
            finding => finding.Code == name.Split(':')[0]
        );

    [Theory]
    [InlineData("column-dropped", LintSeverity.Warning)]
    [InlineData("column-dropped:empty", LintSeverity.Info)]
    [InlineData("table-dropped", LintSeverity.Warning)]
    [InlineData("table-emptied", LintSeverity.Warning)]
    public void What_the_release_declares_to_go_is_told_and_does_not_block(string name, LintSeverity severity)
    {
        var limits = Limits with { DeclaredDrops = [$"{Large}.note", Large, Small] };

        var found = ObservedLint.Judge(Cases[name].Item1, limits).Single(finding => finding.Code == name.Split(':')[0]);

        Assert.Equal(severity, found.Severity);
        Assert.EndsWith("as the release declares", found.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_declared_column_declares_neither_its_table_nor_its_neighbour()
    {
        var limits = Limits with { DeclaredDrops = [$"{Large}.code", $"{Small}.note"] };

        foreach (var name in new[] { "column-dropped", "table-dropped" })
        {
            Assert.Equal(LintSeverity.Block, ObservedLint.Judge(Cases[name].Item1, limits).Max(item => item.Severity));
        }
    }

    [Fact]
    public void A_hundred_of_the_same_are_told_as_a_few()
    {
        var many = Commands([
            .. Enumerable
                .Range(1, 100)
                .Select(number =>
                    Command(number, "CREATE INDEX", $"CREATE INDEX i{number}", identity: $"public.i{number}")
                ),
        ]);

        var found = ObservedLint.Judge(many, Limits).Where(finding => finding.Code == "index-build").ToList();

        Assert.Equal(21, found.Count);
        Assert.Contains(found, finding => finding.What.Contains("80 more times", StringComparison.Ordinal));
    }

    public static IEnumerable<TheoryDataRow<string>> Names() =>
        Cases.Keys.Select(name => new TheoryDataRow<string>(name));

    public static IEnumerable<TheoryDataRow<string>> HarmlessNames() =>
        Harmless.Keys.Select(name => new TheoryDataRow<string>(name));

    private static Structure With(string relation, string kind) =>
        Shop with
        {
            Relations = Shop.Relations.Add(Table(relation, 900) with { Kind = kind }),
        };

    private static readonly TableRewrite Rewrite = new(Large, 4, 7);

    private static readonly Dictionary<string, (ObservedMigration, LintSeverity)> Cases = new(StringComparer.Ordinal)
    {
        ["table-rewrite"] = (Quiet with { Rewrites = [Rewrite] }, LintSeverity.High),
        ["table-rewrite:too long"] = (
            Quiet with
            {
                Rewrites = [Rewrite],
                Locks = [new(Large, "AccessExclusiveLock", 31_000, 31_000, 0, false)],
            },
            LintSeverity.Block
        ),
        ["hidden-rewrite"] = (
            After(shop => shop with { Relations = [Table(Large, 100, 101), Table(Small, 200)] }),
            LintSeverity.High
        ),
        ["exclusive-lock-held"] = (
            Locks(new LockHeld(Large, "AccessExclusiveLock", 40_000, 40_000, 0, false)),
            LintSeverity.High
        ),
        ["exclusive-lock-held:twice"] = (
            Locks(new LockHeld(Large, "AccessExclusiveLock", 70_000, 70_000, 0, false)),
            LintSeverity.Block
        ),
        ["statements-under-exclusive-lock"] = (
            Commands(
                Command(1, "ALTER TABLE", "ALTER TABLE sale_order …", held: "AccessExclusiveLock"),
                Command(2, "CREATE INDEX", "CREATE INDEX …", table: Small, atSeconds: 40)
            ),
            LintSeverity.High
        ),
        ["idle-under-exclusive-lock"] = (
            Locks(new LockHeld(Large, "AccessExclusiveLock", 9_000, 9_000, 4_000, false)),
            LintSeverity.Warning
        ),
        ["write-lock-held"] = (Locks(new LockHeld(Large, "ShareLock", 31_000, 31_000, 0, false)), LintSeverity.High),
        ["index-build"] = (
            Commands(Command(1, "CREATE INDEX", "CREATE INDEX a ON sale_order (note)", ms: 3000, identity: "public.a")),
            LintSeverity.High
        ),
        ["index-dropped"] = (
            Quiet with
            {
                Before = With("a", "i"),
                Dropped = [new("index", "public.a", null, IsOriginal: true, IsTemporary: false, 7)],
            },
            LintSeverity.Warning
        ),
        ["unique-index-build"] = (
            After(shop =>
                shop with
                {
                    Constraints = shop.Constraints.Add(
                        new(Large, "one_note", "u", true, "UNIQUE (note)", "one_note", ["note"])
                    ),
                }
            ),
            LintSeverity.High
        ),
        ["exclusion-constraint"] = (
            After(shop =>
                shop with
                {
                    Constraints = shop.Constraints.Add(new(Small, "e", "x", true, "EXCLUDE …", "e", ["code"])),
                }
            ),
            LintSeverity.High
        ),
        ["foreign-key-validated"] = (
            After(shop =>
                shop with
                {
                    Constraints = shop.Constraints.Add(
                        new(Large, "fk", "f", true, "FOREIGN KEY …", null, ["partner_id"])
                    ),
                }
            ),
            LintSeverity.High
        ),
        ["check-validated"] = (
            After(shop =>
                shop with
                {
                    Constraints = shop.Constraints.Add(new(Small, "ck", "c", true, "CHECK …", null, ["code"])),
                }
            ),
            LintSeverity.Warning
        ),
        ["validated-in-one-transaction"] = (
            Commands(
                Command(1, "ALTER TABLE", "ALTER TABLE sale_order ADD CONSTRAINT ck CHECK (id > 0) NOT VALID"),
                Command(2, "ALTER TABLE", "ALTER TABLE sale_order VALIDATE CONSTRAINT ck")
            ),
            LintSeverity.Warning
        ),
        ["not-null-set"] = (
            After(shop => shop.With(Large, 3, column => column with { IsRequired = true })),
            LintSeverity.High
        ),
        ["required-column-on-filled-table"] = (
            Quiet with
            {
                Errors = [new("23502", "column \"x\" of relation \"sale_order\" contains null values", null)],
            },
            LintSeverity.Block
        ),
        ["statement-failed-silently"] = (
            Commands(Command(1, "ALTER TABLE", "ALTER TABLE sale_order ADD CONSTRAINT u UNIQUE (note)", ms: null)),
            LintSeverity.Block
        ),
        ["statement-failed-silently:said by Odoo"] = (
            Quiet with
            {
                SchemaWarnings = [new("WARNING", "Missing not-null constraint on sale.order.note")],
            },
            LintSeverity.Block
        ),
        ["foreign-key-without-index"] = (
            After(shop =>
                shop with
                {
                    Constraints = shop.Constraints.Add(
                        new(Large, "fk", "f", true, "FOREIGN KEY …", null, ["partner_id"])
                    ),
                }
            ),
            LintSeverity.Warning
        ),
        ["column-dropped"] = (Quiet with { DroppedColumns = [new(Large, "note", 12)] }, LintSeverity.Block),
        ["column-dropped:empty"] = (Quiet with { DroppedColumns = [new(Large, "note", 0)] }, LintSeverity.High),
        ["table-dropped"] = (After(shop => shop with { Relations = [Table(Large, 100)] }), LintSeverity.Block),
        ["dropped-with-something-else"] = (
            Quiet with
            {
                Before = With("report", "v"),
                Dropped = [new("view", "public.report", null, IsOriginal: false, IsTemporary: false, 7)],
            },
            LintSeverity.High
        ),
        ["constraint-removed"] = (After(shop => shop with { Constraints = [shop.Constraints[0]] }), LintSeverity.High),
        ["constraint-removed:may be empty"] = (
            After(shop => shop.With(Small, 2, column => column with { IsRequired = false })),
            LintSeverity.Warning
        ),
        ["renamed"] = (
            After(shop => shop.With(Large, 2, column => column with { Name = "remark" })),
            LintSeverity.High
        ),
        ["renamed:table"] = (
            After(shop => shop with { Relations = [Table("sale_orders", 100), Table(Small, 200)] }),
            LintSeverity.High
        ),
        ["type-narrowed"] = (
            After(shop => shop.With(Large, 2, column => column with { Modifier = 54 })),
            LintSeverity.High
        ),
        ["type-narrowed:scale"] = (
            After(shop => shop.With(Large, 4, column => column with { Modifier = (12 << 16 | 2) + 4 })),
            LintSeverity.High
        ),
        ["json-column"] = (
            After(shop => shop with { Columns = shop.Columns.Add(Column(Large, 9, "extra", "json")) }),
            LintSeverity.Warning
        ),
        ["column-type"] = (
            After(shop => shop with { Columns = shop.Columns.Add(Column(Large, 9, "cost", "money")) }),
            LintSeverity.Info
        ),
        ["id-near-its-end"] = (
            After(shop => shop with { Sequences = [new("sale_order_id_seq", 1_700_000_000, int.MaxValue)] }),
            LintSeverity.Block
        ),
        ["enum-changed"] = (
            After(shop => shop with { Enums = [new("mood", ["good", "bad", "so-so"])] }),
            LintSeverity.Warning
        ),
        ["name-cut"] = (
            Quiet with
            {
                Errors = [new("42622", "identifier \"…\" will be truncated", null)],
            },
            LintSeverity.Warning
        ),
        ["no-lock-timeout"] = (Commands(Command(1, "ALTER TABLE", "ALTER TABLE a", timeout: 0)), LintSeverity.Info),
        ["table-emptied"] = (
            Quiet with
            {
                After = Shop with { Relations = [Table(Large, 100, 101), Table(Small, 200)] },
                Tables = [new(Large, 500_000, 0, 0, 0, 0, true)],
            },
            LintSeverity.Block
        ),
        ["lock-without-statement"] = (
            Locks(new LockHeld(Large, "AccessExclusiveLock", 90, 90, 0, true)),
            LintSeverity.High
        ),
        ["mass-change"] = (
            Quiet with
            {
                Tables = [new(Large, 500_000, 500_000, 0, 400_000, 0, true)],
            },
            LintSeverity.High
        ),
        ["long-transaction"] = (Quiet with { Transactions = new(301, 1) }, LintSeverity.Warning),
        ["wal-volume"] = (Quiet with { Usage = new(5L << 30, 0, 0, 0, 25, 1) }, LintSeverity.High),
        ["disk-peak"] = (Quiet with { Usage = new(0, 40L << 30, 60L << 30, 60L << 30, 25, 1) }, LintSeverity.Block),
        ["repeated-alters"] = (
            Commands([
                .. Enumerable
                    .Range(1, 3)
                    .Select(number => Command(number, "ALTER TABLE", $"ALTER TABLE … {number}", ms: 1500)),
            ]),
            LintSeverity.Warning
        ),
        ["primary-key-over-nullable"] = (
            After(shop =>
                shop with
                {
                    Constraints = shop.Constraints.Add(
                        new(Large, "pk2", "p", true, "PRIMARY KEY …", "pk2", ["partner_id"])
                    ),
                }
            ),
            LintSeverity.Warning
        ),
        ["wide-index"] = (
            After(shop =>
                shop with
                {
                    Indexes = shop.Indexes.Add(new("wide", Large, ["a", "b", "c", "d"], false, false, true)),
                }
            ),
            LintSeverity.Info
        ),
        ["invalid-index"] = (
            After(shop => shop with { Indexes = shop.Indexes.Add(new("bad", Large, ["note"], false, false, false)) }),
            LintSeverity.Block
        ),
        ["triggers-off"] = (
            After(shop =>
                shop with
                {
                    Relations = [Table(Large, 100) with { DisabledTriggers = ["keep"] }, Table(Small, 200)],
                }
            ),
            LintSeverity.Block
        ),
        ["rights-changed"] = (
            After(shop => shop with { Relations = [Table(Large, 100, owner: "somebody"), Table(Small, 200)] }),
            LintSeverity.High
        ),
        ["rights-changed:extension"] = (
            After(shop => shop with { Extensions = ["plpgsql 1.0", "pg_trgm 1.6"] }),
            LintSeverity.High
        ),
        ["commits-inside"] = (Quiet with { Transactions = new(0.5, 3) }, LintSeverity.Info),
        ["statistics-missing"] = (
            Quiet with
            {
                Rewrites = [Rewrite],
                Tables = [new(Large, 500_000, 500_000, 0, 0, 0, HasStatistics: false)],
            },
            LintSeverity.Warning
        ),
    };

    private static readonly Dictionary<string, ObservedMigration> Harmless = new(StringComparer.Ordinal)
    {
        ["statement-failed-silently:and came out well later"] = Commands(
            Command(1, "ALTER TABLE", "ALTER TABLE sale_order ALTER note SET NOT NULL", ms: null),
            Command(2, "ALTER TABLE", "ALTER TABLE sale_order\n  ALTER note SET NOT NULL")
        ),
        ["index-build:on a new table"] = Commands(Command(1, "CREATE INDEX", "CREATE INDEX b", table: "brand_new")) with
        {
            After = Shop with { Relations = Shop.Relations.Add(Table("brand_new", 300)) },
        },
        ["exclusive-lock-held:within the budget"] = Locks(
            new LockHeld(Large, "AccessExclusiveLock", 29_000, 29_000, 0, false)
        ),
        ["mass-change:a small table"] = Quiet with { Tables = [new(Small, 250, 250, 0, 250, 0, true)] },
        ["renamed:dropped and made anew"] = After(shop =>
            shop with
            {
                Relations = [Table(Large, 900), Table(Small, 200)],
                Columns =
                [
                    .. shop.Columns.Select(column =>
                        column.Table == Large ? column with { Name = "x" + column.Name } : column
                    ),
                ],
            }
        ),
        ["type-narrowed:widened"] = After(shop =>
            shop.With(Large, 2, column => column with { Type = "text", Modifier = -1 })
        ),
        ["foreign-key-validated:on a new column"] = After(shop =>
            shop with
            {
                Columns = shop.Columns.Add(Column(Large, 9, "team_id")),
                Constraints = shop.Constraints.Add(new(Large, "fk", "f", true, "FOREIGN KEY …", null, ["team_id"])),
            }
        ),
        ["constraint-removed:with its column"] = After(shop =>
            shop with
            {
                Columns = [.. shop.Columns.Where(column => column.Name != "code")],
                Constraints = [shop.Constraints[0]],
            }
        ),
        ["table-emptied:deleted row by row"] = Quiet with { Tables = [new(Small, 250, 0, 0, 0, 250, true)] },
        ["dropped-with-something-else:and rolled back"] = Quiet with
        {
            Before = With("report", "v"),
            After = With("report", "v"),
            Dropped = [new("view", "public.report", null, IsOriginal: false, IsTemporary: false, 7)],
        },
        ["disk-peak:nobody knows what is free"] = Quiet with { Usage = new(0, 1, 2, 2, 25, 1) },
    };
}
