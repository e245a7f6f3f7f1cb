using System.Threading.Tasks.Sources;

namespace Tidegate.Gateway.Forwarding;

/// <summary>A place for each connection of an upstream, given in the order asked.</summary>
/// <remarks>
/// Whoever gives a place back runs the next in line itself. A semaphore would wake a thread of the pool for it, and under
/// load, when every request waits for its place, that was a third of the gateway's processor time.
/// </remarks>
internal sealed class Places(int count)
{
    /// <summary>Hand-overs within one another on one thread: a line of clients that have all left must not use up its stack.</summary>
    private const int MostNested = 8;

    [ThreadStatic]
    private static int nested;

    private readonly Lock sync = new();
    private readonly LinkedList<Waiter> line = new();
    private int free = count;

    /// <summary>True with a place, which must be given back; false when the one who asked has left meanwhile.</summary>
    public ValueTask<bool> TakeAsync(CancellationToken left)
    {
        var waiter = TakeOrQueue();
        if (waiter is null)
        {
            return ValueTask.FromResult(true);
        }

        waiter.LeaveOn(left);
        return new ValueTask<bool>(waiter, 0);
    }

    public void GiveBack()
    {
        if (NextInLine() is not { } next)
        {
            return;
        }

        nested++;
        next.Complete(hasPlace: true, elsewhere: nested > MostNested);
        nested--;
    }

    private Waiter? TakeOrQueue()
    {
        lock (sync)
        {
            if (free > 0)
            {
                free--;
                return null;
            }

            var waiter = new Waiter(this);
            line.AddLast(waiter.Node);
            return waiter;
        }
    }

    private Waiter? NextInLine()
    {
        lock (sync)
        {
            if (line.First is not { } first)
            {
                free++;
                return null;
            }

            line.Remove(first);
            return first.Value;
        }
    }

    private bool TryLeave(Waiter waiter)
    {
        lock (sync)
        {
            if (waiter.Node.List is null)
            {
                return false; // it has its place already
            }

            line.Remove(waiter.Node);
            return true;
        }
    }

    private sealed class Waiter : IValueTaskSource<bool>
    {
        private readonly Places places;
        private ManualResetValueTaskSourceCore<bool> core;
        private CancellationTokenRegistration leaving;

        public Waiter(Places places)
        {
            this.places = places;
            Node = new LinkedListNode<Waiter>(this);
        }

        public LinkedListNode<Waiter> Node { get; }

        public void LeaveOn(CancellationToken left) =>
            leaving = left.UnsafeRegister(static waiter => ((Waiter)waiter!).Leave(), this);

        public void Complete(bool hasPlace, bool elsewhere)
        {
            core.RunContinuationsAsynchronously = elsewhere;
            core.SetResult(hasPlace);
        }

        public bool GetResult(short token)
        {
            leaving.Unregister(); // Dispose would wait for the callback
            return core.GetResult(token);
        }

        public ValueTaskSourceStatus GetStatus(short token) => core.GetStatus(token);

        public void OnCompleted(
            Action<object?> continuation,
            object? state,
            short token,
            ValueTaskSourceOnCompletedFlags flags
        ) => core.OnCompleted(continuation, state, token, flags);

        private void Leave()
        {
            if (places.TryLeave(this))
            {
                Complete(hasPlace: false, elsewhere: true);
            }
        }
    }
}
