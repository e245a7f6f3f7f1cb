namespace Tidegate.Drivers.Git;

/// <summary>An object of git.</summary>
/// <param name="Kind"><c>commit</c>, <c>tree</c>, <c>blob</c>, <c>tag</c>.</param>
/// <param name="Size">Of the whole content, in bytes.</param>
/// <param name="Content">Its beginning, as far as was asked.</param>
internal sealed record GitObject(string Kind, long Size, ReadOnlyMemory<byte> Content);

/// <summary>The objects of a mirror, told by one git that stays: a question costs a tenth of a millisecond and not a process. For many threads.</summary>
internal sealed class GitObjects(GitMirror mirror, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Some fleets as large as they may be; then all are asked for again.</summary>
    private const int MostSizes = 400_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _sizes = new(StringComparer.Ordinal);
    private ObjectSession? _session;
    private bool _isDisposed;

    /// <summary>The object, or null when there is none.</summary>
    /// <param name="name">An id, or a commit with a path: <c>1234…:tenants</c>. Without a line's end.</param>
    /// <param name="most">How much of its content is wanted, in bytes.</param>
    public GitObject? Read(string name, int most) =>
        // An object that is missing may have come after this git looked, or the mirror was made anew below it.
        Ask(session => session.Read(name, most)) ?? Ask(session => session.Read(name, most), anew: true);

    /// <summary>Kind and size of the object, or null when there is none.</summary>
    public (string Kind, long Size)? Find(string name) =>
        Ask(session => session.Find([name]))[0] ?? Ask(session => session.Find([name]), anew: true)[0];

    /// <summary>Sizes in the same order; null for one that is missing. An id that was asked before is not asked again.</summary>
    public long?[] Sizes(IReadOnlyList<string> ids)
    {
        lock (_gate)
        {
            if (_sizes.Count > MostSizes)
            {
                _sizes.Clear();
            }

            var unknown = ids.Where(id => !_sizes.ContainsKey(id)).Distinct(StringComparer.Ordinal).ToList();
            if (unknown.Count > 0)
            {
                var found = Ask(session => session.Find(unknown));
                found = found.Contains(null) ? Ask(session => session.Find(unknown), anew: true) : found;
                foreach (var (id, each) in unknown.Zip(found))
                {
                    if (each is var (_, size))
                    {
                        _sizes[id] = size;
                    }
                }
            }

            return [.. ids.Select(id => _sizes.TryGetValue(id, out var size) ? size : (long?)null)];
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _session?.Dispose();
        }
    }

    private T Ask<T>(Func<ObjectSession, T> question, bool anew = false)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (anew)
            {
                _session?.Dispose();
                _session = null;
            }

            var session = _session ?? new ObjectSession(mirror.StartReader(["cat-file", "--batch-command"]));
            _session = null; // an answer that is not read to its end would be taken for that to the next question
            try
            {
                using var patience = clock.CreateTimer(_ => session.Kill(), null, Patience, Timeout.InfiniteTimeSpan);
                var answer = question(session);
                _session = session;
                return answer;
            }
            catch (IOException broken)
            {
                var said = session.End();
                throw new GitFailedException(
                    GitComplaint.OfMirror(mirror, said.Length == 0 ? broken.Message : said),
                    broken
                );
            }
            finally
            {
                if (_session is null)
                {
                    session.Dispose();
                }
            }
        }
    }
}
