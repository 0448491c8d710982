using Ouroboros.Crypto.OpenSsl;

namespace Ouroboros.Tests.Crypto;

/// <summary>
/// Tests that need OpenSSL 3.5 or newer. Where it is older they do not run here, and <c>.ci/run</c> runs them in a Debian 13 root
/// (<c>.ci/trixie</c>), where <c>OUROBOROS_EXPECT_POST_QUANTUM=1</c> makes a missing algorithm a failure.
/// </summary>
internal static class PostQuantum
{
    public const string Category = "PostQuantum";

    public static bool Available => OpenSslLibrary.HasKeyType("ML-KEM-768");

    public static void Require()
    {
        if (Available) return;
        var reason = OpenSslLibrary.Explain("ML-KEM-768");
        if (Environment.GetEnvironmentVariable("OUROBOROS_EXPECT_POST_QUANTUM") == "1") Assert.Fail(reason);
        Assert.Inconclusive($"{reason}; .ci/run runs this test in a Debian 13 root");
    }
}
