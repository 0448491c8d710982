using System.Net;
using System.Net.Sockets;
using Ouroboros.Layers.Devices;
using static Ouroboros.Layers.Devices.SystemCalls;

namespace Ouroboros.Layers.Udp.Sockets;

/// <summary>Follows an address of this host: taken from its interface, the interface down or gone, and back. Owns the thread that looks.</summary>
internal sealed unsafe class AddressWatch : IDisposable
{
    private const uint Up = 1;
    private const uint Running = 0x40;
    private const int Ipv4Offset = 4;
    private const int Ipv6Offset = 8;

    private readonly IPAddress _address;
    private readonly Action<LinkState, string> _changed;
    private readonly InterfaceEvents _events;
    private readonly Thread _thread;

    /// <summary>Looks once, and begins to follow. To be made in the namespace of the address: the thread stays where it was made.</summary>
    /// <param name="address">An address; a wildcard is there always.</param>
    /// <param name="changed">Told of the new state, with a description, by the thread of the watch.</param>
    public AddressWatch(IPAddress address, Action<LinkState, string> changed)
    {
        _address = address;
        _changed = changed;
        _events = InterfaceEvents.Open(InterfaceEvents.Links | InterfaceEvents.Addresses);
        State = Look();
        _thread = new Thread(Run) { IsBackground = true, Name = $"watch {address}" };
        _thread.Start();
    }

    /// <summary>What was seen last.</summary>
    public LinkState State { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _events.Interrupt();
        if (Thread.CurrentThread != _thread) _thread.Join();
        _events.Dispose();
    }

    private void Run()
    {
        while (_events.Wait())
        {
            var now = Look();
            if (now == State) continue;
            State = now;
            _changed(now, now switch
            {
                LinkState.Up => $"{_address} is back",
                LinkState.Down => $"the interface of {_address} is down or has no carrier",
                _ => $"{_address} is no longer an address of this host; waiting for it to come back",
            });
        }
    }

    private LinkState Look()
    {
        if (_address.Equals(IPAddress.Any) || _address.Equals(IPAddress.IPv6Any)) return LinkState.Up;
        InterfaceAddress* list;
        // When the system cannot say, the socket will.
        if (GetInterfaceAddresses(&list) != 0) return LinkState.Up;
        try
        {
            for (var entry = list; entry != null; entry = entry->Next)
            {
                if (IsOurs(entry->Address)) return (entry->Flags & (Up | Running)) == (Up | Running) ? LinkState.Up : LinkState.Down;
            }
        }
        finally
        {
            FreeInterfaceAddresses(list);
        }
        // All of 127.0.0.0/8 is there without being listed.
        return _address.AddressFamily == AddressFamily.InterNetwork && IPAddress.IsLoopback(_address) ? LinkState.Up : LinkState.Gone;
    }

    private bool IsOurs(byte* address)
    {
        if (address == null) return false;
        var family = *(ushort*)address;
        Span<byte> own = stackalloc byte[16];
        if (!_address.TryWriteBytes(own, out var length)) return false;
        var offset = length == 4 ? Ipv4Offset : Ipv6Offset;
        if (family != (length == 4 ? 2 : 10)) return false;
        if (!new ReadOnlySpan<byte>(address + offset, length).SequenceEqual(own[..length])) return false;
        // Link-local addresses are told apart by their interface.
        return length == 4 || _address.ScopeId == 0 || _address.ScopeId == *(uint*)(address + 24);
    }
}
