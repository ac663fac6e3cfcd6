namespace Sasl.Credentials.Ldap;

/// <summary>Where a message ends (RFC 4511 §4.1.1): a SEQUENCE whose length is definite (§5.1) and not beyond reason.</summary>
static class LdapFrame
{
    /// <summary>A user's entry with its password has a few hundred bytes; a list of a group's members is never asked for.</summary>
    public const int LongestMessage = 1 << 20;

    const byte Sequence = 0x30, LongForm = 0x80;

    /// <summary>How many bytes the message at the beginning of the input has, with its header; 0 while the header is not all there.</summary>
    /// <exception cref="LdapException">No message begins here, or one that is too long.</exception>
    public static int Measure(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return 0;
        if (input[0] != Sequence)
            throw new LdapException("the server sends something that is not LDAP");
        if (input.Length < 2)
            return 0;
        if (input[1] < LongForm)
            return 2 + input[1];
        var count = input[1] & ~LongForm;
        // Some servers always write four bytes of length, small as it may be; 0 is the indefinite form.
        if (count is 0 or > sizeof(uint))
            throw new LdapException("the server sends a message of no definite length");
        if (input.Length < 2 + count)
            return 0;
        var length = 0L;
        foreach (var b in input.Slice(2, count))
            length = (length << 8) | b;
        return length <= LongestMessage - 2 - count ? 2 + count + (int)length
            : throw new LdapException($"the server sends a message of {length} bytes; {LongestMessage} at most are taken");
    }
}
