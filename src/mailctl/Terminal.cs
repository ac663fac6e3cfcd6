using System.Text;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailControl;

/// <summary>Asks on the terminal. The echo is off before the question is there, so that no character of an answer shows.</summary>
static class Terminal
{
    const int LongestAnswer = 4096;

    /// <summary>Null at the end of the input.</summary>
    public static string? AskPassword(string prompt)
    {
        using var echo = TerminalEcho.TurnOff();
        Console.Error.Write(prompt);
        // Not Console: it would edit the line itself, and show it.
        using var input = new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, 1);
        var line = new byte[LongestAnswer];
        var length = 0;
        try
        {
            int b;
            while ((b = input.ReadByte()) >= 0 && b != '\n')
            {
                if (length < line.Length)
                    line[length++] = (byte)b;
            }
            return b < 0 && length == 0 ? null : Encoding.UTF8.GetString(line, 0, length);
        }
        finally
        {
            Array.Clear(line);
            Console.Error.WriteLine();
        }
    }
}
