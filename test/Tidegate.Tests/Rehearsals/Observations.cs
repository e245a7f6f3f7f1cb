using System.Collections.Immutable;
using Tidegate.ControlPlane.Rehearsals.Observed;

namespace Tidegate.Tests.Rehearsals;

/// <summary>Migrations made up for tests: a shop with one large and one small table, of which a test changes one thing.</summary>
internal static class Observations
{
    public const string Large = "sale_order";
    public const string Small = "res_country";

    private static readonly DateTimeOffset At = new(2026, 11, 20, 6, 0, 0, TimeSpan.Zero);

    public static RelationState Table(string name, long oid, long? fileNode = null, string owner = "own_shop") =>
        new(name, oid, fileNode ?? oid, "r", 0, owner, "", 8192, []);

    public static ColumnState Column(
        string table,
        int number,
        string name,
        string type = "integer",
        int modifier = -1,
        bool isRequired = false
    ) => new(table, number, name, type, modifier, isRequired, HasDefault: false);

    public static Structure Shop { get; } =
        Structure.Empty with
        {
            Relations = [Table(Large, 100), Table(Small, 200)],
            Columns =
            [
                Column(Large, 1, "id", isRequired: true),
                Column(Large, 2, "note", "character varying", 204),
                Column(Large, 3, "partner_id"),
                Column(Large, 4, "amount", "numeric", (12 << 16 | 4) + 4),
                Column(Small, 1, "id", isRequired: true),
                Column(Small, 2, "code", "character varying", 6, isRequired: true),
            ],
            Constraints =
            [
                new(Large, "sale_order_pkey", "p", true, "PRIMARY KEY (id)", "sale_order_pkey", ["id"]),
                new(Small, "res_country_code", "u", true, "UNIQUE (code)", "res_country_code", ["code"]),
            ],
            Indexes =
            [
                new("sale_order_pkey", Large, ["id"], true, true, true),
                new("res_country_code", Small, ["code"], true, false, true),
            ],
            Sequences = [new("sale_order_id_seq", 500_000, int.MaxValue)],
            Enums = [new("mood", ["good", "bad"])],
            Extensions = ["plpgsql 1.0"],
        };

    /// <summary>The shop before and after, and nothing else.</summary>
    public static ObservedMigration Quiet { get; } =
        ObservedMigration.Nothing with
        {
            Before = Shop,
            After = Shop,
            Tables =
            [
                new(Large, 500_000, 500_000, 0, 0, 0, HasStatistics: true),
                new(Small, 250, 250, 0, 0, 0, HasStatistics: true),
            ],
            Transactions = new(0.5, 1),
        };

    public static DdlCommand Command(
        int number,
        string tag,
        string text,
        double? ms = 5,
        string? table = Large,
        string? held = null,
        string? identity = null,
        long transaction = 7,
        double atSeconds = 0,
        long timeout = 15_000
    ) =>
        new(
            number,
            At.AddSeconds(atSeconds),
            transaction,
            tag,
            text,
            ms,
            timeout,
            ms is null ? [] : [new(tag.Split(' ')[^1].ToLowerInvariant(), identity ?? $"public.{table}", table, held)]
        );

    public static ObservedMigration Commands(params ImmutableArray<DdlCommand> commands) =>
        Quiet with
        {
            Commands = commands,
        };

    public static ObservedMigration After(Func<Structure, Structure> change) => Quiet with { After = change(Shop) };

    public static ObservedMigration Locks(params ImmutableArray<LockHeld> locks) => Quiet with { Locks = locks };

    /// <summary>The column of that table and number as <paramref name="change"/> makes it.</summary>
    public static Structure With(
        this Structure shop,
        string table,
        int number,
        Func<ColumnState, ColumnState> change
    ) =>
        shop with
        {
            Columns =
            [
                .. shop.Columns.Select(column =>
                    column.Table == table && column.Number == number ? change(column) : column
                ),
            ],
        };
}
