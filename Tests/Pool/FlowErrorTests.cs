using Ouroboros.Pool;

namespace Ouroboros.Tests.Pool;

/// <summary>Numbers that programs see: application-api.md sections 2 and 7.2.</summary>
[TestFixture]
public sealed class FlowErrorTests
{
    private static readonly (FlowError Error, int Number)[] Errors =
    [
        (FlowError.None, 0), (FlowError.NotPermitted, 1), (FlowError.BadDescriptor, 9), (FlowError.TryAgain, 11), (FlowError.OutOfMemory, 12),
        (FlowError.AlreadyExists, 17), (FlowError.InvalidArgument, 22), (FlowError.BrokenPipe, 32), (FlowError.MessageTooLong, 90),
        (FlowError.NotSupported, 95), (FlowError.ConnectionReset, 104), (FlowError.TimedOut, 110), (FlowError.NotAllocated, 1000),
        (FlowError.UnknownIpcpType, 1001), (FlowError.IrmdUnreachable, 1002), (FlowError.IpcpFailed, 1003), (FlowError.WrongIpcpState, 1004),
        (FlowError.FlowDown, 1005), (FlowError.PeerDead, 1006), (FlowError.NameUnknown, 1007), (FlowError.CryptoFailed, 1008),
        (FlowError.AuthenticationFailed, 1009),
    ];

    [Test]
    public void Errors_have_the_numbers_of_the_reference()
    {
        foreach ((FlowError error, int number) in Errors)
        {
            Assert.That((int)error, Is.EqualTo(number), error.ToString());
            Assert.That(new FlowException(error, "why").Number, Is.EqualTo(-number));
        }
        Assert.That(Enum.GetValues<FlowError>(), Is.EquivalentTo(Errors.Select(e => e.Error)));
    }

    [TestCase(FlowEventType.Packet, 1)]
    [TestCase(FlowEventType.Down, 2)]
    [TestCase(FlowEventType.Up, 4)]
    [TestCase(FlowEventType.Alloc, 8)]
    [TestCase(FlowEventType.Dealloc, 16)]
    [TestCase(FlowEventType.Peer, 32)]
    public void Events_have_the_numbers_of_the_reference(FlowEventType type, int number) => Assert.That((int)type, Is.EqualTo(number));
}
