namespace Tidegate.Gateway.Holding;

/// <summary>One request waiting at a gate. The gate decides its <see cref="Outcome"/> once.</summary>
internal abstract class HeldRequest(bool isPaced)
{
    // The gate completes this under its lock: continuations must not run there.
    private readonly TaskCompletionSource<Admission> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Admission> Outcome => outcome.Task;

    /// <summary>Takes one of the release's slots while it runs. Long polls do not: they would stop the release for minutes.</summary>
    public bool IsPaced => isPaced;

    /// <summary>Asked right before the request is let through.</summary>
    public abstract bool ClientIsGone { get; }

    /// <summary>Its place in the queue; null when it waits no more. Only the gate touches it, under its lock.</summary>
    internal LinkedListNode<HeldRequest>? Place { get; set; }

    /// <summary>It left the queue by a release, and with it a slot and the right to start.</summary>
    internal bool IsReleased { get; set; }

    /// <summary>Bytes of its body that are kept. Only the gate touches it, under its lock.</summary>
    internal long Bytes { get; set; }

    /// <summary>The outcome once it is there; null while it waits.</summary>
    public Admission? Decided { get; private set; }

    internal void Decide(Admission admission)
    {
        Decided ??= admission;
        outcome.TrySetResult(admission);
    }
}
