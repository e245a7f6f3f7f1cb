using Microsoft.AspNetCore.Http;
using Tidegate.ControlPlane.Access;

namespace Tidegate.Tests.Access;

public sealed class IdentityTests
{
    [Fact]
    public void The_ledger_names_each_kind_in_its_own_way()
    {
        Assert.Equal("person/anna", new Identity(IdentityKind.Person, "anna", ["leads"]).ToString());
        Assert.Equal("service/ci", new Identity(IdentityKind.ServiceAccount, "ci", []).ToString());
        Assert.Equal("os/1000", Identity.OperatingSystemUser("1000").ToString());
    }

    [Fact]
    public void Who_was_authenticated_is_who_asks()
    {
        var context = new DefaultHttpContext();
        context.Features.Set(new Identity(IdentityKind.Person, "anna", ["leads"]));

        Assert.Equal("person/anna", Actor.Of(context));
        Assert.Equal(["leads"], Identity.Of(context).Groups);
    }

    [Fact]
    public void A_connection_that_shows_nothing_is_nobodys()
    {
        Assert.Equal(Identity.Nobody, Identity.Of(new DefaultHttpContext()));
        Assert.Equal("local", Actor.Of(new DefaultHttpContext()));
    }
}
