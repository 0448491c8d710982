using static Ouroboros.Layers.Ethernet.Sockets.Libc;

namespace Ouroboros.Layers.Ethernet.Sockets;

/// <summary>
/// The program with which the kernel picks the frames of a layer, so that nothing else is copied to us: its protocol, for this host, for
/// everybody, or for the zero MAC address (shims-ethernet.md D1); no VLAN tag, nothing that this host sent. Whose address is "this
/// host's" is the kernel's knowledge, so the filter stays right when the address changes.
/// </summary>
internal static class PacketFilter
{
    private const ushort LoadWord = 0x20;
    private const ushort LoadHalf = 0x28;
    private const ushort LoadByte = 0x30;
    private const ushort JumpEqual = 0x15;
    private const ushort JumpGreaterOrEqual = 0x35;
    private const ushort Return = 0x06;

    // Offsets that the kernel answers with what it knows of the frame (linux/filter.h, SKF_AD_OFF).
    private const uint PacketType = unchecked((uint)-0x1000 + 4);
    private const uint VlanTagPresent = unchecked((uint)-0x1000 + 48);

    private const uint ToHost = 0;
    private const uint ToAll = 1;
    private const uint ToOther = 3;

    private const uint TypeOffset = 12;
    private const uint Llc8023Limit = 0x0600;

    /// <summary>For DIX frames with an ethertype.</summary>
    public static FilterInstruction[] ForEtherType(ushort etherType) => Build(
    [
        (LoadHalf, TypeOffset),
    ],
    (JumpEqual, etherType, true));

    /// <summary>For LLC frames: a length instead of a type.</summary>
    public static FilterInstruction[] ForLlc() => Build(
    [
        (LoadHalf, TypeOffset),
    ],
    (JumpGreaterOrEqual, Llc8023Limit, false));

    private static FilterInstruction[] Build((ushort Code, uint K)[] load, (ushort Code, uint K, bool Wanted) test)
    {
        var program = new List<(ushort Code, uint K, string? True, string? False)>
        {
            (LoadByte, VlanTagPresent, null, null),
            (JumpEqual, 0, null, "drop"),
        };
        program.AddRange(load.Select(l => (l.Code, l.K, (string?)null, (string?)null)));
        program.Add(test.Wanted ? (test.Code, test.K, null, "drop") : (test.Code, test.K, "drop", null));
        program.Add((LoadByte, PacketType, null, null));
        program.Add((JumpEqual, ToHost, "take", null));
        program.Add((JumpEqual, ToAll, "take", null));
        program.Add((JumpEqual, ToOther, null, "drop"));
        program.Add((LoadWord, 0, null, null));
        program.Add((JumpEqual, 0, null, "drop"));
        program.Add((LoadHalf, 4, null, null));
        program.Add((JumpEqual, 0, "take", "drop"));
        var take = program.Count;
        program.Add((Return, uint.MaxValue, null, null));
        program.Add((Return, 0, null, null));
        return [.. program.Select((p, at) => new FilterInstruction { Code = p.Code, JumpTrue = Distance(p.True, at), JumpFalse = Distance(p.False, at), K = p.K })];

        byte Distance(string? label, int at) => label switch
        {
            null => 0,
            "take" => (byte)(take - at - 1),
            _ => (byte)(take - at),
        };
    }
}
