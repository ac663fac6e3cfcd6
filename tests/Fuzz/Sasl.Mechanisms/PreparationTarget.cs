using System.Text;
using Sasl.Mechanisms;
using Sasl.Mechanisms.Text;

namespace Fuzz;

/// <summary>Names and passwords: what is prepared is UTF-8, stays as it is when it is prepared again, and the normalization forms agree.</summary>
static class PreparationTarget
{
    public static readonly string[] Seeds = [.. new[]
    {
        "correct horse battery staple", "I\u00ADX", "\u2168", "\u06271", "\u0627\u0628", "e\u0301\u0316", "\u0301\u0316\u0301", "\uFDFA", "\u1112\u1161\u11AB", "\u0958",
        "Ａｶﾞ", "ΑΣ\u0301", "\u0130", "\u0628\u064B\u200C\u0628", "\u0915\u094D\u200D", "l\u00B7l", "\u30FB\u3042", "\u05D0\u05F3", "\u0660\u06F0", "\U0001F600", "\U0002F868",
    }.Select(t => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(t))), "\u00ED\u00A0\u0080", "\u00C0\u0080"];

    static readonly NormalizationForm[] _forms = [NormalizationForm.FormC, NormalizationForm.FormD, NormalizationForm.FormKC, NormalizationForm.FormKD];

    public static void Run(ReadOnlySpan<byte> input)
    {
        foreach (var how in Enum.GetValues<StringPreparation>())
        {
            Password(how, input, stored: false);
            Password(how, input, stored: true);
        }
        var text = Bytes.Utf8(input);
        foreach (var how in Enum.GetValues<StringPreparation>())
            Name(text, (string name, out string prepared) => Preparation.TryPrepareName(how, name, out prepared));
        Name(text, Preparation.TryPrepareCaseMappedName);
        // Half surrogate pairs too.
        Preparation.TryPrepareName(StringPreparation.Precis, new string(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, char>(input)), out _);
        Forms(text);
    }

    delegate bool Prepare(string name, out string prepared);

    static void Password(StringPreparation how, ReadOnlySpan<byte> input, bool stored)
    {
        if (!Preparation.TryPreparePassword(how, input, out var prepared, stored))
        {
            Check.That(prepared.Length == 0, "a refused password is given back");
            return;
        }
        Check.That(Preparation.TryPreparePassword(how, prepared, out var again, stored), "a prepared password is refused");
        Check.Same(prepared, again, "a password prepared twice");
    }

    static void Name(string name, Prepare prepare)
    {
        if (!prepare(name, out var prepared))
            return;
        Check.That(prepare(prepared, out var again), "a prepared name is refused");
        Check.Same(prepared, again, "a name prepared twice");
    }

    /// <summary>Without the bound on the length, so that the measure of growth sees the work itself.</summary>
    static void Forms(string text)
    {
        foreach (var form in _forms)
        {
            using var buffer = new CodePointBuffer(text.Length + 1);
            Check.That(buffer.TryAddUtf16(text), "UTF-16 of ours is none");
            UnicodeNormalizer.Normalize(buffer, form, NormalizationData.Current);
            var once = buffer.Span.ToArray();
            UnicodeNormalizer.Normalize(buffer, form is NormalizationForm.FormC ? NormalizationForm.FormD : NormalizationForm.FormC, NormalizationData.Current);
            UnicodeNormalizer.Normalize(buffer, form, NormalizationData.Current);
            Check.That(buffer.Span.SequenceEqual(once), $"{form} of another form is not {form}");
        }
    }
}
