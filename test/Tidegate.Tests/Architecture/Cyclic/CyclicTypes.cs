#pragma warning disable IDE0130 // two namespaces in one file: the smallest cycle there is
namespace Tidegate.Tests.Architecture.Cyclic.Left
{
    internal sealed record Hand(Right.Hand? Other);
}

namespace Tidegate.Tests.Architecture.Cyclic.Right
{
    internal sealed record Hand(Left.Hand? Other);
}
