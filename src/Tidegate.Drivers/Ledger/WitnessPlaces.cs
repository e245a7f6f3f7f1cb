using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Ledger;
using Tidegate.Drivers.Objects;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Ledger;

/// <summary>Where signed checkpoints go beside the home's own file: what <c>witnesses.json</c> says. Secrets are named, never told.</summary>
/// <param name="Store">An object store, as <c>objects.json</c> says one; a folder is named.</param>
internal sealed record WitnessPlaces(ObjectPlace? Store = null, WebhookPlace? Webhook = null)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The witnesses; one that refuses, and says why, in place of each that is wrong.</summary>
    public static IReadOnlyList<ICheckpointWitness> Open(SiteLayout layout, TimeProvider clock)
    {
        WitnessPlaces places;
        try
        {
            places =
                JsonSerializer.Deserialize<WitnessPlaces>(AtomicFile.Read(layout.WitnessesFile) ?? "{}", Json) ?? new();
        }
        catch (JsonException wrong)
        {
            return [new RefusingWitness(layout.WitnessesFile, wrong.Message)];
        }

        return
        [
            .. places.Store is { } store ? [OpenStore(layout, store, clock)] : Array.Empty<ICheckpointWitness>(),
            .. places.Webhook is { } webhook
                ? [OpenWebhook(layout, webhook, clock)]
                : Array.Empty<ICheckpointWitness>(),
        ];
    }

    private static ICheckpointWitness OpenStore(SiteLayout layout, ObjectPlace place, TimeProvider clock)
    {
        try
        {
            return (StoreRefusal(place) ?? place.Refusal()) is { } refusal
                ? new RefusingWitness($"store of {layout.WitnessesFile}", refusal)
                : new CheckpointObjects(
                    place.Open(layout, clock, layout.WitnessesFile),
                    place.Kind is ObjectPlace.FolderKind
                        ? place.Folder!
                        : $"bucket {place.Bucket} of {new Uri(place.Endpoint!).Authority}",
                    place.LockFor,
                    clock
                );
        }
        catch (ObjectPlaceException wrong)
        {
            return new RefusingWitness($"store of {layout.WitnessesFile}", wrong.Message);
        }
    }

    private static string? StoreRefusal(ObjectPlace place) =>
        place.EveryHours is not null ? "a witness gets each checkpoint; leave everyHours out."
        : place is { Kind: ObjectPlace.FolderKind, Folder: null }
            ? "a folder has to be named: on another disk or machine, or it witnesses nothing."
        : null;

    private static ICheckpointWitness OpenWebhook(SiteLayout layout, WebhookPlace place, TimeProvider clock) =>
        place.Refusal() is { } refusal
            ? new RefusingWitness($"webhook of {layout.WitnessesFile}", refusal)
            : new CheckpointWebhook(new Uri(place.Address), place.Secret, new HomeSecrets(layout), clock);
}

/// <param name="Address">https, or http on this machine.</param>
/// <param name="Secret">Names the secret that is sent as bearer token; null for none.</param>
internal sealed record WebhookPlace(string Address, string? Secret = null)
{
    /// <summary>Null, or one sentence that says what is wrong.</summary>
    public string? Refusal() =>
        Address is null
        || !Uri.TryCreate(Address, UriKind.Absolute, out var address)
        || Address.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter) || letter == '\\')
            ? "address is no address: https://HOST/PATH."
        : !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            ? "address is https://…, and http only on this machine: what is sent could be changed on the way."
        : address.UserInfo.Length > 0
            ? "address names a user: put a token into a file of the home's folder secrets, and name that as secret."
        : address.Fragment.Length > 0 ? "address holds a #, which is never sent."
        : OutgoingHost.IsNobodys(address) ? $"{address.Host} is an address that belongs to no service."
        : Secret is { } secret ? NameRules.Refusal("secret", secret)
        : null;
}

/// <summary>Stands where a witness could not be made: it says why, as one that falls behind.</summary>
internal sealed class RefusingWitness(string where, string reason) : ICheckpointWitness
{
    /// <inheritdoc />
    public string Where => where;

    /// <inheritdoc />
    public Task KeepAsync(LedgerCheckpoint checkpoint, CancellationToken cancellationToken) =>
        throw new IOException(reason);

    /// <inheritdoc />
    public IAsyncEnumerable<KeptCheckpoint> KeptAsync(long beyond, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<KeptCheckpoint>();
}

internal static class WitnessesSetup
{
    /// <summary>The home's own file, and what its configuration names; read once, when the server starts.</summary>
    public static IServiceCollection AddWitnesses(this IServiceCollection services, SiteLayout layout)
    {
        services.AddSingleton<ICheckpointWitness, CheckpointFile>();
        foreach (var witness in WitnessPlaces.Open(layout, TimeProvider.System))
        {
            services.AddSingleton(_ => witness);
        }

        return services;
    }
}
