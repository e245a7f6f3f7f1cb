using System.Text;
using Tidegate.ControlPlane.DesiredState.Reading;

namespace Tidegate.Tests.DesiredState;

public sealed class CalendarCasesTests
{
    private const string Cases = """
        cases:
          - {tenant: shop-oslo, at: 2026-11-18T23:00+01:00, expect: open}
          - {tenant: shop-oslo, at: "2026-11-18T12:00+01:00", expect: closed, by: retail/nights}
          - {tenant: shop-oslo, at: 2026-11-27T23:00Z, expect: closed, by: retail/black-friday, kind: automatic}
          - {tenant: shop-oslo, at: 2026-11-27T23:00Z, expect: open}
          - {tenant: shop-rome, at: 2026-11-27T23:00Z, expect: open}
          - {tenant: shop-oslo, at: 2026-11-18T12:00Z, expect: closed, by: retail/black-friday}

        """;

    [Fact]
    public void Each_case_that_does_not_hold_is_told_with_what_says_otherwise()
    {
        var (cases, problems) = CalendarCases.Read("cases.yaml", Encoding.UTF8.GetBytes(Cases));

        Assert.Empty(problems);
        Assert.Equal(
            [
                (2, null),
                (3, null),
                (4, null),
                (5, "it is closed: The freeze retail/black-friday holds. (calendars/retail.yaml:8)"),
                (6, "there is no tenant shop-rome"),
                (
                    7,
                    "retail/black-friday does not close it: The window retail/nights is closed. (calendars/retail.yaml:4)"
                ),
            ],
            CalendarCases.Run(MemoryFiles.Example().Fleet(), cases).Select(result => (result.Case.Line, result.What))
        );
    }

    [Fact]
    public void A_case_that_cannot_be_read_is_told_with_its_place()
    {
        var (_, problems) = CalendarCases.Read(
            "cases.yaml",
            Encoding.UTF8.GetBytes("cases:\n  - {tenant: shop-oslo, at: 2026-11-18T23:00, expect: shut}\n")
        );

        Assert.Equal(
            [
                "cases.yaml:2:29: at: \"2026-11-18T23:00\" is no instant with its offset: 2026-11-27T22:00+01:00.",
                "cases.yaml:2:55: expect is open or closed, not \"shut\".",
            ],
            problems.Select(problem => problem.ToString())
        );
    }
}
