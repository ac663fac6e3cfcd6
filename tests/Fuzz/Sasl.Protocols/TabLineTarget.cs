using Sasl.Protocols;

namespace Fuzz;

/// <summary>TAB lines: what is joined is one line and splits into what it was, and splitting anything and joining it again is stable.</summary>
static class TabLineTarget
{
    public static readonly string[] Seeds = ["AUTH\t1\tPLAIN\tservice=imap", "a\x01t\x01n\x01r\x01" + "0\x01" + "1\x01x\x01", "\t\t\t", "name\tname=\tname==x"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        Check.Same(text, TabLine.Unescape(TabLine.Escape(text)), "an escaped field");
        Check.IsOneLine(TabLine.Escape(text), "an escaped field");
        var fields = TabLine.Split(text);
        var line = TabLine.Join(fields);
        Check.IsOneLine(line, "a joined line");
        Check.SameItems(fields, TabLine.Split(line), "fields joined and split");
        foreach (var field in fields)
        {
            var name = field.Split('=')[0];
            Check.That(TabLine.Value(fields, name) is not null, $"the field {name} is not found");
        }
    }
}
