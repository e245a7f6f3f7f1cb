using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace Tidegate.ControlPlane.Access;

/// <summary>Who somebody is: one name, the same in the ledger, in grants and in approvals.</summary>
/// <param name="Name">Without its kind: <c>anna</c>, <c>ci</c>, the user's number.</param>
/// <param name="Groups">That an administrator put them into; of an operating system's user none.</param>
public sealed record Identity(IdentityKind Kind, string Name, ImmutableArray<string> Groups)
{
    /// <summary>Of a connection that shows nothing.</summary>
    public static Identity Nobody { get; } = new(IdentityKind.Nobody, "local", []);

    public static Identity OperatingSystemUser(string number) => new(IdentityKind.OperatingSystemUser, number, []);

    /// <summary>Who asks.</summary>
    public static Identity Of(HttpContext context) => context.Features.Get<Identity>() ?? Peer.Of(context) ?? Nobody;

    /// <summary>As the ledger has it: <c>person/anna</c>, <c>service/ci</c>, <c>os/1000</c>.</summary>
    public override string ToString() =>
        Kind switch
        {
            IdentityKind.Person => $"person/{Name}",
            IdentityKind.ServiceAccount => $"service/{Name}",
            IdentityKind.OperatingSystemUser => $"os/{Name}",
            IdentityKind.Nobody => Name,
        };
}

/// <summary>What somebody is.</summary>
public enum IdentityKind
{
    /// <summary>A person with an account.</summary>
    Person,

    /// <summary>A program with an account.</summary>
    ServiceAccount,

    /// <summary>Whoever is at the other end of the unix socket, as the kernel says it.</summary>
    OperatingSystemUser,

    /// <summary>Nothing says who it is.</summary>
    Nobody,
}
