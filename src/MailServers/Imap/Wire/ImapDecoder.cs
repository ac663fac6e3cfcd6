// Invariants of this class:
//  * "Try" leaves the input alone when it does not fit; "Expect" records the first error, and after an error every Expect does nothing.
//  * It never reads past the command, and every loop of a caller that asks Failed ends.
using System.Buffers;
using System.Text;

namespace MailServers.Imap.Wire;

/// <summary>Reads one whole command: its lines and literals as they came, one behind the other.</summary>
sealed partial class ImapDecoder(ReadOnlyMemory<byte> command)
{
    int _at;

    /// <summary>The first thing that did not fit, in words for the client.</summary>
    public string? Error { get; private set; }

    public bool Failed => Error is not null;

    ReadOnlySpan<byte> Rest => command.Span[_at..];

    public void Fail(string error) => Error ??= error;

    public bool TryByte(char wanted)
    {
        if (Failed || Rest.IsEmpty || Rest[0] != wanted)
            return false;
        _at++;
        return true;
    }

    public bool Peek(char wanted) => !Failed && !Rest.IsEmpty && Rest[0] == wanted;

    public bool PeekDigit => !Failed && !Rest.IsEmpty && ImapChars.Digit.Contains(Rest[0]);

    /// <summary>What was taken last ended in this byte.</summary>
    public bool WasByte(char wanted) => !Failed && _at > 0 && command.Span[_at - 1] == wanted;

    public void ExpectByte(char wanted)
    {
        if (!TryByte(wanted))
            Fail($"Missing '{wanted}'.");
    }

    public bool TrySpace() => TryByte(' ');

    public void ExpectSpace()
    {
        if (!TrySpace())
            Fail("Missing argument.");
    }

    public void ExpectEnd()
    {
        if (!Failed && !Rest.IsEmpty)
            Fail("Unexpected argument.");
    }

    public bool AtEnd => !Failed && Rest.IsEmpty;

    /// <summary>A keyword without regard to case, if it is there and ends there.</summary>
    public bool TryWord(string word)
    {
        if (Failed || Rest.Length < word.Length || !Ascii.EqualsIgnoreCase(Rest[..word.Length], word))
            return false;
        if (Rest.Length > word.Length && ImapChars.Atom.Contains(Rest[word.Length]) && Rest[word.Length] != '[')
            return false;
        _at += word.Length;
        return true;
    }

    public bool TryAtom(out string atom) => TryRun(ImapChars.Atom, out atom);

    public string ExpectAtom(string what = "Missing argument.")
    {
        if (!TryAtom(out var atom))
            Fail(what);
        return atom;
    }

    public string ExpectTag()
    {
        if (!TryRun(ImapChars.Tag, out var tag))
            Fail("Missing tag.");
        return tag;
    }

    /// <summary>RFC 3501 §9 number: unsigned, 32 bits.</summary>
    public uint ExpectNumber()
    {
        var run = Run(ImapChars.Digit);
        if (!Failed && uint.TryParse(run, System.Globalization.NumberStyles.None, null, out var number))
            return number;
        Fail("Invalid number.");
        return 0;
    }

    /// <summary>RFC 3501 §9 sequence-set.</summary>
    public SequenceSet ExpectSequenceSet()
    {
        if (!Failed && SequenceSet.TryParse(Run(ImapChars.SequenceSet), out var set))
            return set;
        Fail("Invalid messageset.");
        return SequenceSet.Empty;
    }

    /// <summary>Whether what comes next begins as a sequence-set does.</summary>
    public bool PeekSequenceSet => !Failed && !Rest.IsEmpty && (Rest[0] is >= (byte)'0' and <= (byte)'9' or (byte)'*');

    /// <summary>A parenthesised list; <paramref name="item"/> expects one element. Empty lists are allowed.</summary>
    public void ExpectList(Action item)
    {
        ExpectByte('(');
        if (TryByte(')'))
            return;
        while (!Failed)
        {
            item();
            if (TryByte(')'))
                return;
            ExpectSpace();
        }
    }

    bool TryRun(SearchValues<byte> set, out string text)
    {
        var run = Run(set);
        text = Encoding.ASCII.GetString(run);
        return !run.IsEmpty;
    }

    /// <summary>Takes the bytes of a class that stand here, perhaps none.</summary>
    ReadOnlySpan<byte> Run(SearchValues<byte> set)
    {
        if (Failed)
            return default;
        var length = Rest.IndexOfAnyExcept(set);
        var run = length < 0 ? Rest : Rest[..length];
        _at += run.Length;
        return run;
    }
}
