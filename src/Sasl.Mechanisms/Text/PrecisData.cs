namespace Sasl.Mechanisms.Text;

/// <summary>RFC 8264 §8: what the string classes say of a code point. FreeValid is in the FreeformClass only.</summary>
enum PrecisProperty : byte { Disallowed, Valid, FreeValid, ContextJoiner, ContextOther, Unassigned }

/// <summary>Bidirectional classes that RFC 5893 §2 names; Other are the explicit formatting characters and separators.</summary>
enum BidiClass : byte { Other, L, R, AL, AN, EN, ES, CS, ET, ON, BN, NSM }

/// <summary>The scripts that contextual rules name.</summary>
enum Script : byte { Other, Greek, Hebrew, Hiragana, Katakana, Han }

/// <summary>How an Arabic or similar letter joins its neighbours.</summary>
enum JoiningType : byte { Other, Left, Dual, Transparent, Right }

/// <summary>The generated tables, ready to be asked.</summary>
static class PrecisData
{
    static readonly RangeTable _properties = new(PrecisTable.Properties);
    static readonly RangeTable _directions = new(PrecisTable.Directions);
    static readonly RangeTable _scripts = new(PrecisTable.Scripts);
    static readonly RangeTable _joiningTypes = new(PrecisTable.JoiningTypes);

    public static PrecisProperty Property(int codePoint) => (PrecisProperty)_properties[codePoint];

    public static BidiClass Direction(int codePoint) => (BidiClass)_directions[codePoint];

    public static Script ScriptOf(int codePoint) => (Script)_scripts[codePoint];

    public static JoiningType Joining(int codePoint) => (JoiningType)_joiningTypes[codePoint];
}
