using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Sasl.Credentials.Native;

/// <summary>
/// What PAM's modules are answered. A hidden prompt gets the password; the same prompt again (two modules of one stack, one after the other) gets it
/// again, another one does not: who asks for a one-time code next must not be told the password. An open prompt gets the login, where it is PAM's
/// own question for it. Everything else ends the conversation.
/// </summary>
/// <param name="password">Without NUL: PAM knows nothing else than C strings.</param>
sealed unsafe class PamConversation(string user, ReadOnlyMemory<byte> password)
{
    /// <summary>PAM_MAX_NUM_MSG, and how often a stack may ask at all.</summary>
    const int MostMessages = 32, MostAnswers = 8;

    const int LongestText = 512;

    readonly List<string> _said = [];
    string? _prompt;
    int _answers;

    /// <summary>The transaction that this belongs to.</summary>
    public nint Handle { get; set; }

    /// <summary>What modules had to tell the user since the last time, and why a prompt was not answered: for who asks how it came to the verdict.</summary>
    public IReadOnlyList<string> TakeSaid()
    {
        string[] said = [.. _said];
        _said.Clear();
        return said;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int Answer(int count, PamMessage** messages, PamReply** responses, void* data)
    {
        try
        {
            return data is not null && messages is not null && responses is not null && GCHandle.FromIntPtr((nint)data).Target is PamConversation conversation
                ? (int)conversation.Answer(count, messages, responses) : (int)PamStatus.ConversationError;
        }
        catch (Exception)
        {
            // Nothing may be thrown through C.
            return (int)PamStatus.ConversationError;
        }
    }

    PamStatus Answer(int count, PamMessage** messages, PamReply** responses)
    {
        if (count is < 1 or > MostMessages)
            return PamStatus.ConversationError;
        var answers = (PamReply*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(PamReply));
        for (var i = 0; i < count; i++)
        {
            // Linux-PAM's layout: an array of pointers.
            if (AnswerOne(messages[i]->Style, Text(messages[i]->Text), &answers[i]))
                continue;
            Discard(answers, count);
            return PamStatus.ConversationError;
        }
        *responses = answers;
        return PamStatus.Success;
    }

    bool AnswerOne(int style, string text, PamReply* answer)
    {
        switch (style)
        {
            case Pam.TextInfo or Pam.ErrorMessage:
                Say($"PAM says: {text}");
                return true;
            case Pam.PromptEchoOff when _answers < MostAnswers && (_prompt is null || _prompt == text):
                _prompt = text;
                answer->Text = Copy(password.Span);
                _answers++;
                return true;
            case Pam.PromptEchoOn when _answers < MostAnswers && IsLoginPrompt(text):
                answer->Text = Copy(Encoding.UTF8.GetBytes(user));
                _answers++;
                return true;
            default:
                Say($"PAM asks for more than a password, which cannot be answered: {text}");
                return false;
        }
    }

    bool IsLoginPrompt(string text)
    {
        void* prompt = null;
        return Handle != 0 && Pam.pam_get_item(Handle, Pam.UserPrompt, &prompt) == 0 && prompt is not null && Text((byte*)prompt) == text;
    }

    void Say(string line)
    {
        if (_said.Count < MostMessages)
            _said.Add(line);
    }

    /// <summary>From malloc(3): PAM wipes and frees it.</summary>
    static byte* Copy(ReadOnlySpan<byte> text)
    {
        var copy = (byte*)NativeMemory.AllocZeroed((nuint)text.Length + 1);
        text.CopyTo(new Span<byte>(copy, text.Length));
        return copy;
    }

    static void Discard(PamReply* answers, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (answers[i].Text is null)
                continue;
            CryptographicOperations.ZeroMemory(new Span<byte>(answers[i].Text, MemoryMarshal.CreateReadOnlySpanFromNullTerminated(answers[i].Text).Length));
            NativeMemory.Free(answers[i].Text);
        }
        NativeMemory.Free(answers);
    }

    static string Text(byte* text)
    {
        if (text is null)
            return "";
        var bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text);
        return Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, LongestText)]);
    }
}
