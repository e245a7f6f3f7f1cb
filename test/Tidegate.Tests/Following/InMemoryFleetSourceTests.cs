using System.Globalization;
using Tidegate.ControlPlane.Following;
using Tidegate.Simulator.Following;
using Tidegate.TestKit;

namespace Tidegate.Tests.Following;

/// <summary>The contract of sources, in memory.</summary>
public sealed class InMemoryFleetSourceTests : FleetSourceContract
{
    private readonly InMemoryFleetSource source = new();
    private int repositories;

    protected override IFleetSource Source => source;

    protected override IScriptedRepository EmptyRepository()
    {
        var address = string.Create(
            CultureInfo.InvariantCulture,
            $"/repositories/{Interlocked.Increment(ref repositories)}"
        );
        return new Scripted(address, source.Repository(address));
    }

    private sealed class Scripted(string address, InMemoryRepository repository) : IScriptedRepository
    {
        public string Address => address;

        public CommitId Commit(string branch, NewCommit commit) => repository.Commit(branch, commit);

        public void Move(string branch, CommitId to) => repository.Move(branch, to);

        public void Delete(string branch) => repository.Delete(branch);

        public void GoAway() => repository.AwayBecause = "The machine is off.";

        public void ComeBack() => repository.AwayBecause = null;
    }
}
