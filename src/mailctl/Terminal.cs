using System.Text;

namespace MailControl;

/// <summary>Asks on the terminal without echo.</summary>
static class Terminal
{
    public static string? AskPassword(string prompt)
    {
        Console.Error.Write(prompt);
        var password = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
                break;
            if (key.Key == ConsoleKey.Backspace)
                password.Length = Math.Max(0, password.Length - 1);
            else if (key.Key == ConsoleKey.D && key.Modifiers == ConsoleModifiers.Control && password.Length == 0)
                return null;
            else if (key.KeyChar != '\0')
                password.Append(key.KeyChar);
        }
        Console.Error.WriteLine();
        return password.ToString();
    }
}
