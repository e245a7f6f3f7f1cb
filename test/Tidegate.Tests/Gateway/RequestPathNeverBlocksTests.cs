using Mono.Cecil;
using Tidegate.Gateway;

namespace Tidegate.Tests.Gateway;

/// <summary>Socket completions run the request path inline: one call that waits would stall every connection of a thread.</summary>
public sealed class RequestPathNeverBlocksTests
{
    private static readonly string[] RequestPath =
    [
        "Forwarding",
        "Holding",
        "Inspection",
        "Metering",
        "Pages",
        "Routing",
        "WebSockets",
    ];

    private static readonly string[] Blocking =
    [
        "System.Threading.Tasks.Task::Wait",
        "System.Threading.Tasks.Task`1<T>::get_Result",
        "System.Threading.SemaphoreSlim::Wait(",
        "System.Threading.Monitor::Wait",
        "System.Threading.Thread::Sleep",
        "System.Threading.Thread::Join",
        "System.Threading.WaitHandle::",
        "System.Threading.ManualResetEventSlim::Wait",
        "System.Threading.CountdownEvent::Wait",
        "System.Threading.ReaderWriterLockSlim::",
        "System.IO.File::",
        "System.IO.FileStream::",
        "System.IO.Stream::Read(",
        "System.IO.Stream::Write(",
        "System.IO.Stream::Flush()",
        "System.Net.Sockets.Socket::Receive(",
        "System.Net.Sockets.Socket::Send(",
        "System.Net.Sockets.Socket::Connect(",
        "System.Console::",
    ];

    [Fact]
    public void Nothing_on_the_request_path_waits() =>
        Assert.Empty(BlockingCalls(typeof(GatewayHost).Assembly.Location, IsRequestPath));

    [Fact]
    public void The_rule_finds_a_call_that_waits() =>
        Assert.Contains(
            BlockingCalls(typeof(RequestPathNeverBlocksTests).Assembly.Location, type => type.Name == nameof(Waits)),
            call => call.Contains("Thread::Join", StringComparison.Ordinal)
        );

    private static bool IsRequestPath(TypeDefinition type)
    {
        while (type.DeclaringType is not null)
        {
            type = type.DeclaringType;
        }

        return RequestPath.Any(folder => type.Namespace == $"Tidegate.Gateway.{folder}");
    }

    private static List<string> BlockingCalls(string assembly, Func<TypeDefinition, bool> isLookedAt)
    {
        using var module = ModuleDefinition.ReadModule(assembly);
        return
        [
            .. from type in module.GetTypes()
            where isLookedAt(type)
            from method in type.Methods
            where method.HasBody
            from instruction in method.Body.Instructions
            where
                instruction.Operand is MethodReference called
                && Blocking.Any(each => Name(called).StartsWith(each, StringComparison.Ordinal))
            select $"{method.FullName} calls {instruction.Operand}",
        ];
    }

    private static string Name(MethodReference method) =>
        $"{(method.DeclaringType is GenericInstanceType { ElementType: var open } ? $"{open.FullName}<T>" : method.DeclaringType.FullName)}::{method.Name}({string.Join(',', method.Parameters.Select(parameter => parameter.ParameterType.Name))})";

    private static class Waits
    {
        public static void Here(Thread thread) => thread.Join();
    }
}
