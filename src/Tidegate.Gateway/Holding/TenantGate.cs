namespace Tidegate.Gateway.Holding;

/// <summary>Lets one tenant's requests through, keeps them waiting, or refuses them; and counts what is on its way.</summary>
/// <remarks>
/// Open is the hot path: one volatile read, one interlocked increment, one more read, no lock. Everything else goes
/// through the lock, which is held for moments and never across an await.
/// </remarks>
internal sealed class TenantGate(TimeProvider clock, int releaseSlots = TenantGate.DefaultReleaseSlots) : IDisposable
{
    /// <summary>
    /// Released requests that run at a time. Below the upstream's connection bound, so that the neighbours of a tenant with
    /// thousands of held requests still find a connection.
    /// </summary>
    public const int DefaultReleaseSlots = 8;

    private readonly Lock sync = new();
    private readonly WaitingLine waiting = new();
    private volatile GateMode mode = GateMode.Open.Instance;
    private ITimer? deadline;
    private int inFlight;
    private int freeSlots = releaseSlots;
    private bool isStarting;
    private long heldTotal;

    /// <summary>Called outside the lock when requests stop passing: tunnels are to be closed.</summary>
    public Action Closed { get; set; } = () => { };

    public GateMode Mode => mode;

    public int InFlight => Volatile.Read(ref inFlight);

    public long HeldTotal => Interlocked.Read(ref heldTotal);

    public (int Requests, long Bytes) Held
    {
        get
        {
            lock (sync)
            {
                return (waiting.Count, waiting.Bytes);
            }
        }
    }

    /// <summary>True: the request passes and counts as in flight. False: <see cref="Wait"/>.</summary>
    public bool TryEnter()
    {
        if (mode is not GateMode.Open)
        {
            return false;
        }

        // Count first, look again after: a hold that begins in between sees the count or we see the hold. Never neither.
        Interlocked.Increment(ref inFlight);
        if (mode is GateMode.Open)
        {
            return true;
        }

        Interlocked.Decrement(ref inFlight);
        return false;
    }

    /// <summary>Queues a request that could not enter, or decides at once. Its outcome says which.</summary>
    public void Wait(HeldRequest request, long bytes)
    {
        lock (sync)
        {
            if (mode is GateMode.Open)
            {
                Interlocked.Increment(ref inFlight);
                request.Decide(Admission.Admitted);
                return;
            }

            if (Limits is { } limits && waiting.TryAdd(request, bytes, limits))
            {
                Interlocked.Increment(ref heldTotal);
                return;
            }

            request.Decide(Admission.Refused);
        }
    }

    /// <summary>A tunnel's handshake passes or is refused; it never waits.</summary>
    public Admission EnterHandshake()
    {
        if (TryEnter())
        {
            return Admission.Admitted;
        }

        lock (sync)
        {
            if (mode is GateMode.Holding or GateMode.Maintenance)
            {
                return Admission.Refused;
            }

            Interlocked.Increment(ref inFlight);
            return Admission.Admitted;
        }
    }

    /// <summary>Counts more of a waiting request's body. Over the bound the request is refused and false comes back.</summary>
    public bool TryKeep(HeldRequest request, long bytes)
    {
        lock (sync)
        {
            if (request.Place is null)
            {
                return true; // decided meanwhile: what it keeps is no longer held
            }

            if (Limits is { } limits && waiting.TryKeep(request, bytes, limits))
            {
                return true;
            }

            waiting.Remove(request, Admission.Refused);
            return false;
        }
    }

    /// <summary>The client has gone: its request leaves the queue.</summary>
    public void GiveUp(HeldRequest request)
    {
        lock (sync)
        {
            waiting.Remove(request, Admission.Gone);
        }
    }

    /// <summary>A released request has been handed to the upstream's connection: the next in line may follow.</summary>
    public void Started(HeldRequest held)
    {
        if (!held.IsReleased)
        {
            return;
        }

        lock (sync)
        {
            isStarting = false;
            LetNextGo();
        }
    }

    /// <summary>An admitted request is over.</summary>
    /// <param name="held">The request as it waited; null when it passed without.</param>
    public void Leave(HeldRequest? held)
    {
        Interlocked.Decrement(ref inFlight);
        if (held is { IsReleased: true, IsPaced: true })
        {
            lock (sync)
            {
                freeSlots++;
                LetNextGo();
            }
        }
    }

    /// <summary>Begins a hold, or renews and restates it when this one is on.</summary>
    public void Hold(HoldLease lease)
    {
        lock (sync)
        {
            mode = new GateMode.Holding(lease);
            Watch(lease.Deadline);
        }

        // The next reader of InFlight must see every request that passed before the mode changed.
        Interlocked.MemoryBarrier();
        Closed();
    }

    /// <summary>Nothing passes and nobody waits any more: after a restart, or when the gateway ends.</summary>
    public void Close(GateMode.Maintenance maintenance)
    {
        lock (sync)
        {
            mode = maintenance;
            waiting.RefuseAll();
        }

        Closed();
    }

    /// <summary>Lets the waiting go, in order, then opens.</summary>
    public void Release()
    {
        lock (sync)
        {
            deadline?.Dispose();
            deadline = null;
            mode = new GateMode.Releasing(Limits ?? HoldLimits.None);
            LetNextGo();
        }
    }

    public void Dispose() => deadline?.Dispose();

    private HoldLimits? Limits =>
        mode switch
        {
            GateMode.Holding holding => holding.Lease.Limits,
            GateMode.Releasing releasing => releasing.Limits,
            _ => null,
        };

    // One at a time: the next one goes when the one before has asked for its connection, so that they leave in order.
    private void LetNextGo()
    {
        while (mode is GateMode.Releasing && !isStarting && waiting.First is { } next)
        {
            if (next.ClientIsGone)
            {
                waiting.Remove(next, Admission.Gone);
                continue;
            }

            if (next.IsPaced && freeSlots == 0)
            {
                return;
            }

            freeSlots -= next.IsPaced ? 1 : 0;
            isStarting = true;
            next.IsReleased = true;
            Interlocked.Increment(ref inFlight);
            waiting.Remove(next, Admission.Admitted);
        }

        if (mode is GateMode.Releasing && waiting.Count == 0)
        {
            mode = GateMode.Open.Instance;
        }
    }

    private void Watch(DateTimeOffset at)
    {
        var due = at - clock.GetUtcNow();
        due = due < TimeSpan.Zero ? TimeSpan.Zero : due;
        if (deadline is null)
        {
            deadline = clock.CreateTimer(_ => Lapse(), null, due, Timeout.InfiniteTimeSpan);
        }
        else
        {
            deadline.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private void Lapse()
    {
        lock (sync)
        {
            if (mode is not GateMode.Holding { Lease: var lease })
            {
                return;
            }

            var now = clock.GetUtcNow();
            if (now < lease.Deadline)
            {
                Watch(lease.Deadline); // renewed, or the timer came early
                return;
            }

            var reason =
                now >= lease.BoundEndsAt ? "the hold was on longer than its bound" : "the hold's lease was not renewed";
            mode = new GateMode.Maintenance(lease, reason);
            waiting.RefuseAll();
        }
    }
}
