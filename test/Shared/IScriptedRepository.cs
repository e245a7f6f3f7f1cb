using Tidegate.ControlPlane.Following;
using Tidegate.Simulator.Following;

namespace Tidegate.TestKit;

/// <summary>A repository as the people who write to it move it.</summary>
public interface IScriptedRepository
{
    string Address { get; }

    /// <summary>Commits to a branch; it is made when there is none, and then the commit has no parent.</summary>
    CommitId Commit(string branch, NewCommit commit);

    /// <summary>Moves a branch by force, or makes it.</summary>
    void Move(string branch, CommitId to);

    void Delete(string branch);

    void GoAway();

    void ComeBack();
}
