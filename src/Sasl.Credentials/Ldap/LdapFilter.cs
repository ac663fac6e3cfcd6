using System.Formats.Asn1;

namespace Sasl.Credentials.Ldap;

/// <summary>A search filter (RFC 4511 §4.5.1.7). <see cref="LdapFilterParser"/> reads its text, <see cref="ToString"/> writes it (RFC 4515 §3).</summary>
abstract record LdapFilter
{
    LdapFilter()
    {
    }

    /// <summary>As it stands in a search request.</summary>
    public abstract void Write(AsnWriter message);

    /// <summary>Without the parentheses.</summary>
    private protected abstract string Inner { get; }

    public sealed override string ToString() => $"({Inner})";

    /// <summary>All of them, or any of them.</summary>
    public sealed record Set(bool IsAnd, IReadOnlyList<LdapFilter> Filters) : LdapFilter
    {
        private protected override string Inner => $"{(IsAnd ? '&' : '|')}{string.Concat(Filters)}";

        public override void Write(AsnWriter message)
        {
            using var set = message.PushSequence(Ber.Context(IsAnd ? 0 : 1));
            foreach (var filter in Filters)
                filter.Write(message);
        }
    }

    public sealed record Not(LdapFilter Filter) : LdapFilter
    {
        private protected override string Inner => $"!{Filter}";

        public override void Write(AsnWriter message)
        {
            using var not = message.PushSequence(Ber.Context(2));
            Filter.Write(message);
        }
    }

    /// <summary>The attribute has a value that is "=", "&gt;=", "&lt;=" or "~=".</summary>
    public sealed record Comparison(string Attribute, string Operator, byte[] Value) : LdapFilter
    {
        private protected override string Inner => $"{Attribute}{Operator}{LdapText.EscapeValue(Value)}";

        public override void Write(AsnWriter message)
        {
            using var assertion = message.PushSequence(Ber.Context(Operator switch { "=" => 3, ">=" => 5, "<=" => 6, _ => 8 }));
            Ber.WriteText(message, Attribute);
            message.WriteOctetString(Value);
        }
    }

    /// <summary>Beginning, pieces anywhere, end; an empty beginning or end is none.</summary>
    public sealed record Substrings(string Attribute, byte[] Initial, IReadOnlyList<byte[]> Any, byte[] Final) : LdapFilter
    {
        private protected override string Inner =>
            $"{Attribute}={LdapText.EscapeValue(Initial)}*{string.Concat(Any.Select(a => LdapText.EscapeValue(a) + "*"))}{LdapText.EscapeValue(Final)}";

        public override void Write(AsnWriter message)
        {
            using var substrings = message.PushSequence(Ber.Context(4));
            Ber.WriteText(message, Attribute);
            using var pieces = message.PushSequence();
            if (Initial.Length > 0)
                message.WriteOctetString(Initial, Ber.Context(0));
            foreach (var piece in Any)
                message.WriteOctetString(piece, Ber.Context(1));
            if (Final.Length > 0)
                message.WriteOctetString(Final, Ber.Context(2));
        }
    }

    /// <summary>The attribute is there.</summary>
    public sealed record Present(string Attribute) : LdapFilter
    {
        private protected override string Inner => $"{Attribute}=*";

        public override void Write(AsnWriter message) => Ber.WriteText(message, Attribute, Ber.Context(7));
    }

    /// <summary>By a matching rule of its own; "" for no attribute or no rule, but not both.</summary>
    public sealed record Extensible(string Attribute, bool WithDn, string Rule, byte[] Value) : LdapFilter
    {
        private protected override string Inner => $"{Attribute}{(WithDn ? ":dn" : "")}{(Rule.Length > 0 ? ":" + Rule : "")}:={LdapText.EscapeValue(Value)}";

        public override void Write(AsnWriter message)
        {
            using var assertion = message.PushSequence(Ber.Context(9));
            if (Rule.Length > 0)
                Ber.WriteText(message, Rule, Ber.Context(1));
            if (Attribute.Length > 0)
                Ber.WriteText(message, Attribute, Ber.Context(2));
            message.WriteOctetString(Value, Ber.Context(3));
            // RFC 4511 §5.1: a default is not written.
            if (WithDn)
                message.WriteBoolean(true, Ber.Context(4));
        }
    }
}
