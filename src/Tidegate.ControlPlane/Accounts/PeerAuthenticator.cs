using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>The user at the other end of the unix socket. Whoever shows a token is who the token says, and never also this.</summary>
/// <param name="owner">The user that this process runs as: the home and its database are theirs.</param>
internal sealed class PeerAuthenticator(Identity owner) : IAuthenticator
{
    private static readonly Identity Root = Identity.OperatingSystemUser("0");

    public Task<Authentication?> AuthenticateAsync(Presented shown, CancellationToken cancellationToken) =>
        Task.FromResult<Authentication?>(
            shown is { Bearer: null, Peer: { } peer }
                ? new Authentication.Known(peer) { HoldsHome = peer.Name == owner.Name || peer.Name == Root.Name }
                : null
        );
}
