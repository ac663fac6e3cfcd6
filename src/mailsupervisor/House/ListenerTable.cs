using System.Net;
using System.Net.Sockets;
using Sasl.Hosting.Unix;

namespace MailSupervisor.House;

/// <summary>
/// The listening sockets of the house. They live as long as the supervisor: a child may crash and come back, and clients wait in the
/// backlog meanwhile instead of being refused.
/// </summary>
sealed class ListenerTable : IDisposable
{
    readonly Dictionary<string, (ListenerPlan Plan, Socket Socket)> _byAddress = new(StringComparer.Ordinal);

    /// <summary>The socket of a plan, bound at first use. Throws with the address and the reason when it cannot be bound.</summary>
    public Socket Bind(ListenerPlan plan)
    {
        try
        {
            if (!_byAddress.TryGetValue(plan.Address, out var bound))
                bound = (plan, plan.IsUnix ? UnixSockets.Listen(plan.Address, plan.Mode, plan.Uid, plan.Gid) : Listen(IPEndPoint.Parse(plan.Address)));
            else if (plan.IsUnix && !plan.IsSameAs(bound.Plan))
                Permit(plan);
            _byAddress[plan.Address] = (plan, bound.Socket);
            return bound.Socket;
        }
        catch (Exception refused) when (refused is SocketException or IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{plan.Name}: cannot bind {plan.Address}: {refused.Message}", refused);
        }
    }

    /// <summary>Closes the sockets that no plan names any more.</summary>
    public void Keep(IEnumerable<ListenerPlan> plans)
    {
        var wanted = plans.Select(p => p.Address).ToHashSet(StringComparer.Ordinal);
        foreach (var address in _byAddress.Keys.Where(a => !wanted.Contains(a)).ToArray())
            Close(address);
    }

    public void Dispose()
    {
        foreach (var address in _byAddress.Keys.ToArray())
            Close(address);
    }

    void Close(string address)
    {
        _byAddress.Remove(address, out var bound);
        bound.Socket.Dispose();
        if (address.StartsWith('/'))
            File.Delete(address);
    }

    /// <summary>A reload has given a socket another owner or mode.</summary>
    static void Permit(ListenerPlan plan)
    {
        if (plan.Uid is not null || plan.Gid is not null)
            Files.ChangeOwner(plan.Address, plan.Uid ?? uint.MaxValue, plan.Gid ?? uint.MaxValue);
        Files.ChangeMode(plan.Address, plan.Mode);
    }

    static Socket Listen(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(address);
            socket.Listen(512);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
