using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Oap;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Security;

namespace Ouroboros.Tests.Runtime.Security;

/// <summary>What a runtime without security files does, against captures of the reference (vectors/oap: plain, client-enc-only, auth-ecdsa-server-noenc).</summary>
public sealed class OapFlowSecurityTests
{
    private const string Request = "4f44cace5adf7e2ed8f167cd926750e818e9e433a8b2cd09000000000000000000000000";
    private const string Response = "4f44cace5adf7e2ed8f167cd926750e818e9e433a997e849000000000000000000000000408b5c1354644a1db297fb468efa76747af3ebd6ba89955c8170716b1a4eed06c2067c8959ceb7a98fb0be44225a93a5";
    private const string EncryptedRequest = "2e2669537a44bf42453d67e23c10f23118e9e47b01f987fe038502a002a00000002c0000302a300506032b656e032100da91a742897970b3aaf3d3e7ee7873cbc29366820742dbc159f86d464fb60b25";
    private const string SignedResponse = "a609047bd7262aeac8b42cbb32c053df18e9e4559b6a24fc00000000000001ca00000000308201c63082016ca003020102021478fb13eff5eca7f1e840dc864730a773f3782ffb300a06082a8648ce3d0403023035310b30090603550406130242453111300f060355040a0c086f377320746573743113301106035504030c0a696d2e65632e746573743020170d3236313132303233313735375a180f32303531303731323233313735375a3030310b30090603550406130242453111300f060355040a0c086f37732074657374310e300c06035504030c056f70696e673059301306072a8648ce3d020106082a8648ce3d03010703420004bfd4fe54d62b0ab3e6dff2316038b837b3aa9607271a5fb9f71ac71bbfc36c006f46fe3bdabfe64d98e6dc8ebd0ba27e57a07814b77dfc60a747bef1390399e8a35d305b30090603551d1304023000300e0603551d0f0101ff040403020780301d0603551d0e041604141328b9d3feff6c06e16626d44649d2be5689ec0b301f0603551d23041830168014c84314d01492a6fd2ade55bb3ef15ff840623c28300a06082a8648ce3d0403020348003045022100d5cb44737c99598653291a8ac454f5113d64a5cccfffb04d5f33d6b4a00137300220237dce0ba18f2dfe5d4292d020e1cfe9518d48b7f22979ea4994aa647cbe5e4cacffafe5ff13973d757d1b28b88f7743aea630f0dcdaafcd20a5108aa9c37f15912bf4a5567f334367a979cd368f075930450221009c1cddb72129f865d0a1bcae181b47cdb70811e4fa1b305d2c79781725836f4102201a8f0e25f94178bdf9950d366081eada79c499a6a523b580366a1589dbed3b72";
    private const long Second = 1_000_000_000;

    private static readonly long Sent = Stamp(Request);

    [Test]
    public void The_answer_to_a_captured_request_is_the_captured_answer_but_for_its_time()
    {
        var answer = At(Sent + Second).Serve(Oping, Bytes(Request)).Response.ToArray();
        Assert.That(answer[..16], Is.EqualTo(Bytes(Response)[..16]));
        Assert.That(answer[24..], Is.EqualTo(Bytes(Response)[24..]));
    }

    [Test]
    public void A_request_is_36_bytes_with_the_time_and_no_two_are_alike()
    {
        var security = At(1_795_216_837_000_000_000);
        using var first = security.Begin(Oping);
        using var second = security.Begin(Oping);
        Assert.That(first.Request.Length, Is.EqualTo(36));
        Assert.That(first.Request.Span[16..].ToArray(), Is.EqualTo(Convert.FromHexString("18e9e433a82f7200" + new string('0', 24))));
        Assert.That(first.Request.ToArray(), Is.Not.EqualTo(second.Request.ToArray()));
    }

    [Test]
    public void Own_requests_are_answered_and_the_answer_accepted()
    {
        var security = At(Sent);
        using var client = security.Begin(Oping);
        var served = security.Serve(Oping, client.Request);
        Assert.That(client.IsLight(served.Response), Is.True);
        Assert.That(client.Complete(served.Response).TakeCipher(), Is.Null);
        Assert.That((security.Count(FlowSide.Client, OapFailure.None), security.Count(FlowSide.Server, OapFailure.None)), Is.EqualTo((1, 1)));
    }

    [Test]
    public void A_name_without_security_is_served_in_the_caller_s_thread_and_one_with_a_folder_of_its_own_is_not()
    {
        var folder = Directory.CreateTempSubdirectory("oap").FullName;
        try
        {
            var security = new OapFlowSecurity(new SecurityDirectory(folder), TimeProvider.System);
            using var client = security.TryBeginLight(Oping);
            using var served = security.TryServeLight(Oping, client!.Request);
            using var done = client.Complete(served!.Response);
            Assert.That(done.Algorithm, Is.EqualTo(CipherAlgorithm.None));
            foreach (var side in new[] { "client", "server" }) Directory.CreateDirectory(Path.Combine(folder, side, Oping.Name));
            Assert.That(security.TryBeginLight(Oping), Is.Null);
            using var again = security.Begin(Oping);
            Assert.That(security.TryServeLight(Oping, again.Request), Is.Null);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void The_answer_to_another_request_is_refused()
    {
        var security = At(Sent);
        using var client = security.Begin(Oping);
        Assert.That(ErrorOf(() => client.Complete(Bytes(Response))), Is.EqualTo(FlowError.CryptoFailed));
        Assert.That(security.Count(FlowSide.Client, OapFailure.WrongId), Is.EqualTo(1));
    }

    [TestCase(-19_000, true)]
    [TestCase(-20_500, false)]
    [TestCase(60, true)]
    [TestCase(200, false)]
    public void A_request_of_another_clock_passes_within_20_s_and_100_ms(int milliseconds, bool passes)
    {
        var security = At(Sent - (milliseconds * 1_000_000L));
        Assert.That(ErrorOf(() => security.Serve(Oping, Bytes(Request))), Is.EqualTo(passes ? FlowError.None : FlowError.AuthenticationFailed));
    }

    [TestCase(long.MinValue)]
    [TestCase(long.MaxValue)]
    [TestCase(0L)]
    public void A_request_with_an_absurd_time_is_refused(long timestamp)
    {
        var request = Bytes(Request);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(request.AsSpan(16), timestamp);
        Assert.That(ErrorOf(() => At(Sent).Serve(Oping, request)), Is.EqualTo(FlowError.AuthenticationFailed));
    }

    [Test]
    public void The_same_request_is_refused_the_second_time_and_the_same_id_at_another_time_is_not()
    {
        var security = At(Sent + Second);
        security.Serve(Oping, Bytes(Request));
        Assert.That(ErrorOf(() => security.Serve(Oping, Bytes(Request))), Is.EqualTo(FlowError.AuthenticationFailed));
        var later = Bytes(Request);
        later[23]++;
        Assert.That(ErrorOf(() => security.Serve(Oping, later)), Is.EqualTo(FlowError.None));
    }

    [Test]
    public void A_replay_is_refused_as_long_as_its_time_would_pass()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UnixEpoch.AddTicks(Sent / 100));
        var security = new OapFlowSecurity(new SecurityDirectory("/nowhere"), time);
        security.Serve(Oping, Bytes(Request));
        for (var i = 0; i < 45; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            using (var other = security.Begin(Oping)) security.Serve(Oping, other.Request);
            Assert.That(ErrorOf(() => security.Serve(Oping, Bytes(Request))), Is.EqualTo(FlowError.AuthenticationFailed), $"{(i + 1) * 500} ms later");
        }
    }

    [Test]
    public void A_client_that_encrypts_gets_what_it_wants_and_a_server_that_signs_cannot_be_checked()
    {
        var security = At(Stamp(EncryptedRequest));
        Assert.That(security.TryServeLight(Oping, Bytes(EncryptedRequest)), Is.Null);
        using var served = security.Serve(Oping, Bytes(EncryptedRequest));
        using var cipher = served.TakeCipher();
        Assert.That((served.Algorithm, cipher?.HeaderLength), Is.EqualTo((CipherAlgorithm.Aes256Gcm, 12)));
        using var client = security.Begin(Oping);
        Assert.That(client.IsLight(Bytes(SignedResponse)), Is.False);
        Assert.That(ErrorOf(() => client.Complete(Bytes(SignedResponse))), Is.EqualTo(FlowError.CryptoFailed));
    }

    [Test]
    public void No_truncation_and_no_changed_length_passes_or_throws_anything_else()
    {
        for (var length = 0; length < 36; length++)
        {
            Assert.That(ErrorOf(() => At(Sent).Serve(Oping, Bytes(Request)[..length])), Is.EqualTo(FlowError.AuthenticationFailed));
        }
        using var client = At(Sent).Begin(Oping);
        for (var length = 0; length < 84; length++)
        {
            Assert.That(ErrorOf(() => client.Complete(Bytes(Response)[..length])), Is.EqualTo(FlowError.CryptoFailed));
        }
        for (var at = 28; at < 36; at++)
        {
            var request = Bytes(Request);
            request[at] = 0xff;
            // The two flags and the lowest bits of a length: bytes that are not there. A digest that nobody knows.
            Assert.That(ErrorOf(() => At(Sent).Serve(Oping, request)), Is.EqualTo(FlowError.AuthenticationFailed), $"byte {at}");
        }
    }

    [Test]
    public void The_window_stays_within_its_bound()
    {
        var window = new ReplayWindow();
        Span<byte> id = stackalloc byte[16];
        for (var i = 0; i < 3 * ReplayWindow.Capacity; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(id, i);
            Assert.That(window.TryAdd(id, 0, 0));
        }
        Assert.That(window.Overflows, Is.EqualTo(2));
        Assert.That(window.TryAdd(id, 0, 0), Is.False);
    }

    private static readonly NameInfo Oping = new("oping");

    private static OapFlowSecurity At(long nanoseconds) =>
        new(new SecurityDirectory("/nowhere"), new ManualTimeProvider(DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100)));

    private static long Stamp(string message) => System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(Bytes(message).AsSpan(16));

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    private static FlowError ErrorOf(Action action)
    {
        try
        {
            action();
            return FlowError.None;
        }
        catch (FlowException e)
        {
            return e.Error;
        }
    }
}
