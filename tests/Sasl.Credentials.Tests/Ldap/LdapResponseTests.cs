using System.Formats.Asn1;
using System.Text;
using CsCheck;
using Sasl.Credentials.Ldap;

namespace Sasl.Credentials.Tests.Ldap;

public sealed class LdapResponseTests
{
    static byte[] Message(int id, int operation, Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(id);
            using (writer.PushSequence(Ber.Application(operation)))
                write(writer);
        }
        return writer.Encode();
    }

    static void WriteResult(AsnWriter writer, int code, string message)
    {
        Ber.WriteEnumerated(writer, code);
        writer.WriteOctetString([]);
        Ber.WriteText(writer, message);
    }

    [Fact]
    public void A_result_with_a_challenge()
    {
        var response = LdapResponse.Decode(Message(7, 1, w =>
        {
            WriteResult(w, 14, "go on\n");
            w.WriteOctetString("nonce"u8, Ber.Context(7));
        }));
        Assert.Equal((7, LdapResponseKind.Bind), (response.Id, response.Kind));
        Assert.Equal("saslBindInProgress (14): go on", response.Result!.ToString());
        Assert.Equal("nonce"u8.ToArray(), response.SaslCredentials);
    }

    [Fact]
    public void A_referral_names_its_servers()
    {
        var response = LdapResponse.Decode(Message(7, 5, w =>
        {
            WriteResult(w, 10, "");
            using var list = w.PushSequence(Ber.Context(3));
            Ber.WriteText(w, "ldap://other/");
        }));
        Assert.Equal(["ldap://other/"], response.Result!.Referrals);
        Assert.Equal("the server refers to ldap://other/, and referrals are not followed", LdapVerdicts.OfSearch(response.Result, false).Reason);
    }

    [Fact]
    public void An_entry_has_the_values_of_its_attributes() => Gen.Select(Gen.String, Gen.Byte.Array.Array[0, 5]).Sample((dn, values) =>
    {
        var entry = LdapResponse.Decode(Message(1, 4, w =>
        {
            Ber.WriteText(w, dn);
            using var attributes = w.PushSequence();
            using var attribute = w.PushSequence();
            Ber.WriteText(w, "UserPassword;x-option");
            using var set = w.PushSetOf();
            foreach (var value in values)
                w.WriteOctetString(value);
        })).Entry!;
        Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(dn)), entry.Dn);
        Assert.Equal(values, entry.Values("userPassword"));
        Assert.Empty(entry.Values("user"));
    });

    [Fact]
    public void Attack_damage_is_one_kind_of_exception_and_nothing_else() => Gen.Select(Gen.Int[0, 60], Gen.Byte, Gen.Int[0, 60]).Sample((at, value, end) =>
    {
        var message = Message(1, 1, w =>
        {
            WriteResult(w, 49, "no such luck");
            w.WriteOctetString(new byte[20], Ber.Context(7));
        });
        message[at % message.Length] = value;
        try
        {
            LdapResponse.Decode(message.AsMemory(0, Math.Min(end, message.Length)));
        }
        catch (LdapException)
        {
        }
    });

    [Fact]
    public void A_string_in_pieces_is_refused() =>
        Assert.Throws<LdapException>(() => LdapResponse.Decode(new byte[] { 0x30, 0x0e, 2, 1, 1, 0x61, 9, 0x0a, 1, 0, 0x24, 2, 4, 0, 4, 0 }));

    [Theory]
    [InlineData("30", 0)]
    [InlineData("3005", 7)]
    [InlineData("3081", 0)]
    [InlineData("308105", 8)]
    [InlineData("308400000005", 11)]
    [InlineData("30840000", 0)]
    [InlineData("30840000FFFF", 65541)]
    public void Where_a_message_ends(string header, int length) => Assert.Equal(length, LdapFrame.Measure(Convert.FromHexString(header)));

    [Theory]
    [InlineData("31")]
    [InlineData("3080")]
    [InlineData("3085")]
    [InlineData("308400100000")]
    [InlineData("30847FFFFFFF")]
    public void Attack_a_length_beyond_reason_is_refused_at_once(string header) => Assert.Throws<LdapException>(() => LdapFrame.Measure(Convert.FromHexString(header)));
}
