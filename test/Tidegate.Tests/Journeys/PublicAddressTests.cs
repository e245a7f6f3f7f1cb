using Tidegate.Drivers.Journeys;

namespace Tidegate.Tests.Journeys;

public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("http://oslo.example:8080", "http://oslo.example:8080/")]
    [InlineData("https://OSLO.example", "https://oslo.example/")]
    [InlineData("https://elsewhere.example", "https://oslo.example/")]
    [InlineData("no address", "https://oslo.example/")]
    [InlineData(null, "https://oslo.example/")]
    public void Journeys_come_by_the_address_that_the_tenant_knows_so_that_a_log_in_changes_nothing(
        string? baseUrl,
        string expected
    ) => Assert.Equal(expected, PublicAddress.Of(baseUrl, ["oslo.example", "oslo-2.example"]).ToString());
}
