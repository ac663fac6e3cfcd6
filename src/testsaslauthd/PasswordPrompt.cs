using System.Text;

namespace TestSaslauthd;

/// <summary>The password of whoever does not want it in the process list: typed without echo, or the first line of standard input.</summary>
static class PasswordPrompt
{
    public static string Read()
    {
        if (Console.IsInputRedirected)
            return Console.In.ReadLine() ?? "";
        Console.Error.Write("Password: ");
        var password = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
                password.Length = Math.Max(0, password.Length - 1);
            else if (key.KeyChar != '\0')
                password.Append(key.KeyChar);
        }
        Console.Error.WriteLine();
        return password.ToString();
    }
}
