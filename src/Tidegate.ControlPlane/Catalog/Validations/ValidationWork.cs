using System.Globalization;
using System.Text.Json;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Catalog.Validations;

/// <summary>Carries out judgings that were asked for, of releases whose bundles are in this server's store.</summary>
public sealed class ValidationWork(
    ValidationStore validations,
    IReleaseContents contents,
    ReleaseReading reading,
    Artifacts artifacts,
    TimeProvider clock
)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private readonly string owner = string.Create(
        CultureInfo.InvariantCulture,
        $"validation/{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7(clock.GetUtcNow()):n}"
    );

    /// <summary>Takes the oldest that can be done here and does it.</summary>
    /// <returns>False when there is none.</returns>
    public async Task<bool> TurnAsync(CancellationToken cancellationToken)
    {
        foreach (var due in (await validations.DueAsync(cancellationToken)).Where(IsHere))
        {
            if (await validations.ClaimAsync(due.Id, owner, Lease, clock.GetUtcNow(), cancellationToken))
            {
                await WorkAsync(due, cancellationToken);
                return true;
            }
        }

        return false;
    }

    // Another server may serve another site, with a store of its own.
    private bool IsHere(DueValidation due) =>
        contents.Has(due.Digest) && (due.FromDigest is not { } from || contents.Has(from));

    private async Task WorkAsync(DueValidation due, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Longest);
        var renewing = RenewAsync(due, bound);
        try
        {
            await validations.EndAsync(due, owner, await JudgeAsync(due, bound.Token), cancellationToken);
        }
        catch (IOException machine)
        {
            // The disk, or an interpreter that is not there: whoever asked can have it put right and ask again.
            await validations.FailAsync(due, owner, machine.Message, clock.GetUtcNow(), cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Too slow, or taken over by another server: then this changes nothing.
            var slow = $"it took longer than {Longest.TotalMinutes:0} minutes.";
            await validations.FailAsync(due, owner, slow, clock.GetUtcNow(), cancellationToken);
        }
        finally
        {
            await bound.CancelAsync();
            await renewing;
        }
    }

    private async Task<ValidationSummary> JudgeAsync(DueValidation due, CancellationToken cancellationToken)
    {
        var place = contents.PlaceOf(due.Digest) ?? throw Gone(due.Release);
        var before = due.FromDigest is { } from ? contents.PlaceOf(from) ?? throw Gone(due.From!) : null;
        var validation = await reading.ValidateAsync(place, before, cancellationToken);
        var report = await artifacts.PutAsync(
            JsonSerializer.SerializeToUtf8Bytes(ValidationReports.Of(validation), CatalogJson.Options),
            cancellationToken
        );
        return new(
            due.Id,
            due.From,
            FindingCounts.Of(validation.Findings),
            validation.Proposal?.Class,
            clock.GetUtcNow(),
            report
        );
    }

    private static IOException Gone(string release) =>
        new($"the bundle of {release} is not in the store any more; build it again from the same content.");

    /// <summary>Keeps the lease until the work has ended, and ends the work when the lease was lost.</summary>
    private async Task RenewAsync(DueValidation due, CancellationTokenSource bound)
    {
        using var timer = new PeriodicTimer(Lease / 3, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(bound.Token))
            {
                if (!await validations.RenewAsync(due.Id, owner, Lease, bound.Token))
                {
                    await bound.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The work has ended.
        }
    }
}
