using System.Collections.Immutable;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Storage;
using Tidegate.TestKit;

namespace Tidegate.Tests.Drills;

public sealed class DrillReportTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_drill_that_was_not_kept() =>
        Golden.Matches(
            "drill-report.md",
            DrillReport.Markdown(
                Drill(
                    new(
                        TimeSpan.FromSeconds(95.4),
                        TimeSpan.FromSeconds(62),
                        611,
                        14,
                        ImmutableSortedDictionary<string, long?>.Empty.Add("sale.order", 1200).Add("pos.order", null),
                        [
                            new("every tenant's database is there", true, "12 databases"),
                            new("the tenant's tables are what they were", false, "sale_order differ"),
                            new("the filestore is whole", null, "it was not looked at"),
                        ]
                    ),
                    null
                )
            )
        );

    [Fact]
    public void What_is_stored_of_a_drill_says_the_same_again()
    {
        var drill = Drill(DrillMeasurement.Nothing, "there is no backup of the cluster.");

        var again = StoredJson.Read<DrillResult>(StoredJson.Write(drill));

        Assert.Equal(DrillReport.Markdown(drill), DrillReport.Markdown(again));
    }

    private static DrillResult Drill(DrillMeasurement measured, string? failure)
    {
        RecoveryObjective[] objectives =
        [
            new(new("orders"), "order-capture", TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1))
            {
                Documents = ["sale.order", "pos.order"],
            },
            new(new("stock"), "inventory-accuracy", TimeSpan.FromHours(4), TimeSpan.FromHours(1)),
        ];
        return new(
            new("d-0199"),
            DrillScenario.TenantCorruption,
            new("oslo"),
            new("shop-oslo"),
            Noon,
            Noon.AddSeconds(130),
            [
                new(
                    "writing markers around the moment of the damage",
                    Noon,
                    TimeSpan.FromSeconds(2.1),
                    false,
                    "20 acknowledged"
                ),
                new("recovering the tenant to that moment", Noon.AddSeconds(2), TimeSpan.FromSeconds(93.3), true),
            ],
            measured,
            DrillVerdict.Judge(measured, objectives, failure),
            failure
        );
    }
}
