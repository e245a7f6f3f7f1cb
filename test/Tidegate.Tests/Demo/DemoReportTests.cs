using Tidegate.Demo.Reporting;

namespace Tidegate.Tests.Demo;

public sealed class DemoReportTests
{
    [Fact]
    public void The_report_has_the_promised_form()
    {
        var report = new DemoReport(
            412.5,
            [
                new(
                    "2026.11.3",
                    "rolled_back",
                    "migration raised (evidence: r-1/shop-oslo)",
                    RequestsSent: 1200,
                    RequestsFailed: 0,
                    RequestsHeld: 31,
                    OrdersSent: 60,
                    OrdersLost: 0,
                    OrdersDoubled: 0,
                    [new("shop-oslo", "shared", "rolled_back", 5.21, "2026.11.2")]
                ),
            ]
        );

        Assert.Equal(
            """
            {
              "duration_s": 412.5,
              "rollouts": [
                {
                  "release": "2026.11.3",
                  "outcome": "rolled_back",
                  "reason": "migration raised (evidence: r-1/shop-oslo)",
                  "requests_sent": 1200,
                  "requests_failed": 0,
                  "requests_held": 31,
                  "orders_sent": 60,
                  "orders_lost": 0,
                  "orders_doubled": 0,
                  "tenants": [
                    {
                      "tenant": "shop-oslo",
                      "pool": "shared",
                      "outcome": "rolled_back",
                      "hold_s": 5.21,
                      "release_after": "2026.11.2"
                    }
                  ]
                }
              ]
            }
            """,
            report.ToJson()
        );
    }
}
