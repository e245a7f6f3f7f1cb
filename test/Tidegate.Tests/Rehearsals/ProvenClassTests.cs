using Tidegate.ControlPlane.Catalog.Differences;
using Tidegate.ControlPlane.Rehearsals;
using Tidegate.ControlPlane.Rehearsals.Observed;
using static Tidegate.Tests.Rehearsals.Observations;

namespace Tidegate.Tests.Rehearsals;

/// <summary>The class follows from what was seen, and the strongest thing seen decides.</summary>
public sealed class ProvenClassTests
{
    [Fact]
    public void Nothing_changed_is_A() => Assert.Equal(ReleaseClass.A, Of(Quiet).Class);

    [Fact]
    public void Changed_views_are_B() => Assert.Equal(ReleaseClass.B, Of(Quiet, viewsChanged: true).Class);

    [Fact]
    public void A_few_written_records_are_B() =>
        Assert.Equal(ReleaseClass.B, Of(Quiet with { Tables = [new("ir_ui_view", 900, 901, 1, 800, 0)] }).Class);

    [Fact]
    public void A_new_column_is_C()
    {
        var proven = Of(
            After(shop => shop with { Columns = shop.Columns.Add(Column(Large, 9, "extra")) }),
            viewsChanged: true
        );

        Assert.Equal(ReleaseClass.C, proven.Class);
        Assert.Equal(["column sale_order.extra is new"], proven.Reasons);
    }

    [Fact]
    public void A_statement_that_left_no_trace_is_C() =>
        Assert.Equal(
            ReleaseClass.C,
            Of(Commands(Command(1, "ALTER TABLE", "ALTER TABLE sale_order SET (fillfactor = 90)"))).Class
        );

    [Fact]
    public void A_rewritten_table_is_D() =>
        Assert.Equal(ReleaseClass.D, Of(Quiet with { Rewrites = [new TableRewrite(Large, 4, 7)] }).Class);

    [Fact]
    public void A_dropped_column_is_D() =>
        Assert.Equal(ReleaseClass.D, Of(Quiet with { DroppedColumns = [new(Large, "note", 0)] }).Class);

    [Fact]
    public void A_rename_is_D() =>
        Assert.Equal(
            ReleaseClass.D,
            Of(After(shop => shop.With(Large, 2, column => column with { Name = "remark" }))).Class
        );

    [Fact]
    public void Migrated_rows_are_D() =>
        Assert.Equal(ReleaseClass.D, Of(Quiet with { Tables = [new(Large, 500_000, 500_000, 0, 5_000, 0)] }).Class);

    [Fact]
    public void One_row_that_a_script_changed_is_D()
    {
        var one = Quiet with { Tables = [new(Large, 500_000, 500_000, 0, 1, 0)] };

        Assert.Equal(ReleaseClass.D, Of(one, hasScripts: true).Class);
        Assert.Equal(ReleaseClass.B, Of(one).Class);
    }

    [Fact]
    public void That_processes_were_told_of_a_new_registry_is_no_data_that_a_script_changed() =>
        Assert.Equal(
            ReleaseClass.B,
            Of(Quiet with { Tables = [new("orm_signaling_registry", 3, 4, 1, 0, 0)] }, hasScripts: true).Class
        );

    [Fact]
    public void Another_series_is_E() =>
        Assert.Equal(
            ReleaseClass.E,
            ProvenClass.Of("18.0", "19.0", Quiet, viewsChanged: false, hasScripts: false).Class
        );

    private static ProvenClass Of(ObservedMigration seen, bool viewsChanged = false, bool hasScripts = false) =>
        ProvenClass.Of("19.0", "19.0", seen, viewsChanged, hasScripts);
}
