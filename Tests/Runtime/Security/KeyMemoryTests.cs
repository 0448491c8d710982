using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Runtime.Security;

namespace Ouroboros.Tests.Runtime.Security;

public class KeyMemoryTests
{
    [Test]
    public void Half_of_what_is_needed_holds_the_largest_key_of_every_handshake_that_may_be_under_way()
    {
        var settings = new SecuritySettings { MaxHandshakes = 100_000 };
        Assert.That(KeyMemory.Needed(settings) / 2, Is.EqualTo(2L * 100_000 * SecureHeap.KeyLength));
        Assert.That(KeyMemory.Needed(new SecuritySettings { MaxHandshakes = 1 }), Is.EqualTo(SecureHeap.Smallest));
        Assert.That(KeyMemory.Needed(new SecuritySettings()), Is.LessThanOrEqualTo(new SecuritySettings().SecureHeap), "by default nothing is added");
    }

    [TestCase(SecureHeapState.Locked, 0, null)]
    [TestCase(SecureHeapState.Foreign, 0, null)]
    [TestCase(SecureHeapState.Unlocked, 0, "RLIMIT_MEMLOCK")]
    [TestCase(SecureHeapState.Unavailable, 0, "no secure heap")]
    [TestCase(SecureHeapState.Locked, 65536, "Session keys")]
    public void What_the_system_did_not_allow_is_said(SecureHeapState state, long unlockedSecrets, string? word)
    {
        var complaint = KeyMemory.Complaint(state, 4 << 20, unlockedSecrets);
        if (word is null) Assert.That(complaint, Is.Null);
        else Assert.That(complaint, Does.Contain(word));
    }
}
