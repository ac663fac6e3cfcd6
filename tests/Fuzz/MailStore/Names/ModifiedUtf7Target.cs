using MailStore.Names;

namespace Fuzz;

/// <summary>Mailbox names: one spelling each way, printable ASCII on the wire.</summary>
static class ModifiedUtf7Target
{
    public static readonly string[] Seeds = ["INBOX", "&", "&-", "Entw&APw-rfe", "&2D3eAA-", "&2AA-", "&AAA-", "&AGE-", "A&-B&AOQ-&AOQ-", "&APw", "\u00e4\u00f6"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Latin1(input);
        if (ModifiedUtf7.Decode(text) is { } name)
            Check.Same(text, ModifiedUtf7.Encode(name), "a name decoded and encoded");
        var own = Bytes.Utf8(input);
        var encoded = ModifiedUtf7.Encode(own);
        Check.That(encoded.All(c => c is >= ' ' and <= '~'), "an encoded name is not ASCII");
        Check.Same(own, ModifiedUtf7.Decode(encoded), "a name encoded and decoded");
    }
}
