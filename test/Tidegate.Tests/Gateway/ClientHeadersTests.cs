using Microsoft.AspNetCore.Http;
using Tidegate.Gateway.Forwarding;

namespace Tidegate.Tests.Gateway;

public sealed class ClientHeadersTests
{
    [Theory]
    [InlineData("X-Tidegate-Database")]
    [InlineData("x_tidegate_database")]
    [InlineData("X-TIDEGATE_anything")]
    [InlineData("X-Forwarded-Host")]
    [InlineData("X_Forwarded-For")]
    [InlineData("Forwarded")]
    [InlineData("X-Real-IP")]
    [InlineData("x_odoo-database")]
    public void A_header_that_only_the_gateway_sets_is_removed_in_every_spelling(string name)
    {
        var headers = new HeaderDictionary { [name] = "oslo", ["Cookie"] = "session_id=1" };

        Assert.True(ClientHeaders.TryClean(headers, "oslo"));

        Assert.Equal(["Cookie"], headers.Keys, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("X-Odoo-Database")]
    [InlineData("x_odoo_database")]
    public void A_header_that_names_another_database_is_refused(string name) =>
        Assert.False(ClientHeaders.TryClean(new HeaderDictionary { [name] = new(["oslo", "lima"]) }, "oslo"));

    [Theory]
    [InlineData("X-Forward")]
    [InlineData("X-Tidegate")]
    [InlineData("From")]
    [InlineData("X-Requested-With")]
    public void Other_headers_stay(string name)
    {
        var headers = new HeaderDictionary { [name] = "kept" };

        Assert.True(ClientHeaders.TryClean(headers, "oslo"));

        Assert.Equal("kept", headers[name]);
    }
}
