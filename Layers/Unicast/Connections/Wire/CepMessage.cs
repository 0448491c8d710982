using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Connections.Wire;

/// <summary>
/// The one message of connection establishment, as views of its bytes: <c>1 comp_name, 2 protocol, 3 pref_version, 5 pref_syntax, 8 address</c>, all
/// required and sent even when 0 or empty. Fields 4, 6 and 7, which offer alternatives, and unknown ones are passed over. Field 15 is of ours, which the
/// reference passes over: how long the sender's peer may be silent, milliseconds.
/// </summary>
public readonly ref struct CepMessage
{
    /// <summary>The longest message, and the longest name in it, bytes: the reference reads no more (layer-management.md 3.1).</summary>
    public const int MaxLength = 128;

    private const int ComponentField = 1;
    private const int ProtocolField = 2;
    private const int VersionField = 3;
    private const int SyntaxField = 5;
    private const int AddressField = 8;
    private const int PeerTimeoutField = 15;
    private const int Required = (1 << ComponentField) | (1 << ProtocolField) | (1 << VersionField) | (1 << SyntaxField) | (1 << AddressField);

    /// <summary>Name of the component; empty in a refusal.</summary>
    public ReadOnlySpan<byte> Component { get; private init; }

    /// <summary>Name of its protocol.</summary>
    public ReadOnlySpan<byte> Protocol { get; private init; }

    /// <summary>Preferred version.</summary>
    public int Version { get; private init; }

    /// <summary>Preferred syntax.</summary>
    public int Syntax { get; private init; }

    /// <summary>Address of the sender in the layer; 0 for enrolment and in broadcast layers.</summary>
    public ulong Address { get; private init; }

    /// <summary>How long the receiver may be silent, milliseconds; 0 = nothing was said of it, as by the reference.</summary>
    public uint PeerTimeout { get; private init; }

    /// <summary>Whether it is the answer to a request for a component that the other side does not have: nothing in it.</summary>
    public bool IsRefusal => Component.IsEmpty && Protocol.IsEmpty && Version == 0 && Syntax == 0 && Address == 0;

    /// <summary>Reads a message; false when it is malformed, too long, or a required field is missing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out CepMessage message)
    {
        message = default;
        if (data.Length > MaxLength) return false;
        var reader = new ProtoReader(data);
        ReadOnlySpan<byte> component = default;
        ReadOnlySpan<byte> protocol = default;
        uint version = 0;
        uint syntax = 0;
        ulong address = 0;
        uint timeout = 0;
        var seen = 0;
        while (!reader.AtEnd)
        {
            if (!reader.TryReadField(out var field)) return false;
            var read = field switch
            {
                ComponentField => reader.TryReadBytes(out component),
                ProtocolField => reader.TryReadBytes(out protocol),
                VersionField => reader.TryReadNumber(out version),
                SyntaxField => reader.TryReadNumber(out syntax),
                AddressField => reader.TryReadNumber(out address),
                PeerTimeoutField => reader.TryReadNumber(out timeout),
                _ => reader.TrySkip(),
            };
            if (!read) return false;
            if (field <= AddressField) seen |= 1 << (int)field;
        }
        if ((seen & Required) != Required) return false;
        message = new CepMessage { Component = component, Protocol = protocol, Version = (int)version, Syntax = (int)syntax, Address = address, PeerTimeout = timeout };
        return true;
    }

    /// <summary>The message of a component of the member at <paramref name="address"/>.</summary>
    /// <param name="component">The component.</param>
    /// <param name="address">Of this member.</param>
    /// <param name="peerTimeout">How long the receiver may be silent, milliseconds; 0 = not said.</param>
    public static byte[] Of(Component component, ulong address, uint peerTimeout = 0)
    {
        ArgumentNullException.ThrowIfNull(component);
        return Write(component.NameBytes, component.ProtocolBytes, component.Version, component.Syntax, address, peerTimeout);
    }

    /// <summary>The refusal: every field there, all of them 0 or empty.</summary>
    public static byte[] Refusal() => Write(default, default, 0, 0, 0);

    internal static byte[] Write(ReadOnlySpan<byte> component, ReadOnlySpan<byte> protocol, int version, int syntax, ulong address, uint peerTimeout = 0)
    {
        var message = new byte[(peerTimeout == 0 ? 0 : ProtoWriter.SizeOfNumber(peerTimeout)) + ProtoWriter.SizeOfBytes(component.Length) + ProtoWriter.SizeOfBytes(protocol.Length)
            + ProtoWriter.SizeOfNumber(Int32(version)) + ProtoWriter.SizeOfNumber(Int32(syntax)) + ProtoWriter.SizeOfNumber(address)];
        var writer = new ProtoWriter(message);
        writer.WriteBytes(ComponentField, component);
        writer.WriteBytes(ProtocolField, protocol);
        writer.WriteNumber(VersionField, Int32(version));
        writer.WriteNumber(SyntaxField, Int32(syntax));
        writer.WriteNumber(AddressField, address);
        if (peerTimeout != 0) writer.WriteNumber(PeerTimeoutField, peerTimeout);
        return message;
    }

    // A negative int32 is sent as the int64 that it is.
    private static ulong Int32(int value) => (ulong)(long)value;
}
