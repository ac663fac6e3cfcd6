using Sasl.Mechanisms.Text;

namespace Sasl.Mechanisms;

/// <summary>
/// Prepares names and passwords by SASLprep or PRECIS. Whatever is given, the answer is a value and not an exception, and the time is linear in its length.
/// </summary>
public static class Preparation
{
    /// <summary>What is longer is refused, before and after it is prepared: 16,384 UTF-16 code units of a name, or bytes of a password.</summary>
    public const int LongestText = UnicodeNormalizer.LongestText;

    /// <summary>
    /// Prepares a name that is compared with names that were prepared the same way. Printable ASCII is returned as it is (a space is refused by
    /// <see cref="StringPreparation.Precis"/>).
    /// </summary>
    /// <param name="how">None returns any name as it is.</param>
    /// <param name="name">One name, without what a protocol puts around it. No escapes are known here.</param>
    /// <param name="prepared">The prepared name, which is never empty; empty when the answer is false.</param>
    /// <param name="stored">
    /// SASLprep only. True for a name that is stored: RFC 3454 §7 keeps code points that Unicode 3.2 has not assigned out of it. False for one that is
    /// looked up, where they pass unchanged. PRECIS refuses code points that its Unicode has not assigned in any case.
    /// </param>
    /// <returns>False when the name is longer than <see cref="LongestText"/>, is no text, is or becomes empty, or holds what the preparation prohibits.</returns>
    public static bool TryPrepareName(StringPreparation how, string name, out string prepared, bool stored = false)
    {
        prepared = name;
        if (how == StringPreparation.None || IsPlain(name, how == StringPreparation.SaslPrep ? ' ' : '!'))
            return true;
        using var text = new CodePointBuffer(Math.Min(name.Length, LongestText));
        var good = TryRead(name, text) && (how == StringPreparation.SaslPrep ? SaslPrep.TryPrepare(text, stored) : PrecisUsername.TryPrepare(text, caseMapped: false));
        return TryWrite(text, good, out prepared);
    }

    /// <summary>Prepares a name by UsernameCaseMapped (RFC 8265 §3.3), for systems where upper and lower case name the same user.</summary>
    /// <param name="name">One name. An address with its domain is one too, as long as it has no space.</param>
    /// <param name="prepared">The prepared name in lower case; empty when the answer is false.</param>
    /// <returns>False when the name is longer than <see cref="LongestText"/>, is no text, is or becomes empty, or holds what the profile prohibits.</returns>
    public static bool TryPrepareCaseMappedName(string name, out string prepared)
    {
        prepared = name;
        if (IsPlain(name, '!'))
        {
            prepared = name.ToLowerInvariant();
            return true;
        }
        using var text = new CodePointBuffer(Math.Min(name.Length, LongestText));
        return TryWrite(text, TryRead(name, text) && PrecisUsername.TryPrepare(text, caseMapped: true), out prepared);
    }

    /// <summary>Prepares a password. It is never held as a string, and what was worked in is zeroed.</summary>
    /// <param name="how">None copies any bytes as they are.</param>
    /// <param name="utf8">The password. With <see cref="StringPreparation.None"/> it may be any bytes.</param>
    /// <param name="prepared">The prepared password in UTF-8, a copy for the caller to zero after use; empty when the answer is false.</param>
    /// <param name="stored">As for a name. RFC 4616 §2 prepares a password that comes in as a query; SCRAM prepares it as a stored string on both sides.</param>
    /// <returns>False when the password is longer than <see cref="LongestText"/>, is not UTF-8, is or becomes empty, or holds what the preparation prohibits.</returns>
    public static bool TryPreparePassword(StringPreparation how, ReadOnlySpan<byte> utf8, out byte[] prepared, bool stored = false)
    {
        prepared = [];
        // RFC 4616 §2: a password that is empty after preparation verifies nothing.
        if (how != StringPreparation.None && (utf8.IsEmpty || utf8.Length > LongestText))
            return false;
        if (how == StringPreparation.None || utf8.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0)
        {
            prepared = utf8.ToArray();
            return true;
        }
        using var text = new CodePointBuffer(utf8.Length);
        if (!text.TryAddUtf8(utf8) || !(how == StringPreparation.SaslPrep ? SaslPrep.TryPrepare(text, stored) : PrecisOpaqueString.TryPrepare(text)))
            return false;
        // As long a result would be refused when it comes back.
        if (text.Utf8Length is 0 or > LongestText)
            return false;
        prepared = text.ToUtf8();
        return true;
    }

    /// <summary>Text of nothing but ASCII from a character to '~' is prepared already, in every way but case.</summary>
    static bool IsPlain(string name, char first)
    {
        if (name.Length is 0 or > LongestText)
            return false;
        foreach (var c in name)
        {
            if (c < first || c > '~')
                return false;
        }
        return true;
    }

    static bool TryRead(string name, CodePointBuffer text) => name.Length <= LongestText && text.TryAddUtf16(name);

    static bool TryWrite(CodePointBuffer text, bool good, out string prepared)
    {
        good = good && text.Utf16Length is > 0 and <= LongestText;
        prepared = good ? text.ToString() : "";
        return good;
    }
}
