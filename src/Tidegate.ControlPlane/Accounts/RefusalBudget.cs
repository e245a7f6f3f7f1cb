namespace Tidegate.ControlPlane.Accounts;

/// <summary>Which refusals become entries of the ledger: of a flood the first ones of each minute, and how many more there were.</summary>
/// <param name="each">Of one who asks, in a minute.</param>
/// <param name="all">Of all together, in a minute.</param>
public sealed class RefusalBudget(int each, int all)
{
    private static readonly TimeSpan Span = TimeSpan.FromMinutes(1);

    private readonly Lock _turn = new();
    private readonly Dictionary<string, int> _of = new(StringComparer.Ordinal);
    private DateTimeOffset _since;
    private int _entered;
    private int _left;

    /// <summary>Whether this one is entered. If not it is counted.</summary>
    public bool Take(string who, DateTimeOffset now)
    {
        lock (_turn)
        {
            Turn(now);
            var count = _of.GetValueOrDefault(who);
            if (_entered >= all || count >= each)
            {
                _left++;
                return false;
            }

            _of[who] = count + 1;
            _entered++;
            return true;
        }
    }

    /// <summary>How many were not entered until a minute ended; zero while one goes on. Each is told once.</summary>
    public int Left(DateTimeOffset now)
    {
        lock (_turn)
        {
            if (now < _since + Span)
            {
                return 0;
            }

            var left = _left;
            _left = 0;
            return left;
        }
    }

    private void Turn(DateTimeOffset now)
    {
        if (now >= _since + Span)
        {
            _since = now;
            _entered = 0;
            _of.Clear();
        }
    }
}
