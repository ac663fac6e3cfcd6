using System.Text;

namespace AuthServer.Users;

/// <summary>Dovecot's %variables of a user name: %u whole, %n before '@', %d after it; %L and %U change the case; %% is a percent sign.</summary>
static class UserVariables
{
    public static string Expand(string template, string user)
    {
        var text = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] != '%' || i + 1 == template.Length)
            {
                text.Append(template[i]);
                continue;
            }
            var modifier = template[i + 1] is 'L' or 'U' && i + 2 < template.Length ? template[++i] : '\0';
            var value = Value(template[++i], user);
            text.Append(modifier switch { 'L' => value.ToLowerInvariant(), 'U' => value.ToUpperInvariant(), _ => value });
        }
        return text.ToString();
    }

    /// <summary>What stands after a '%' that this expander does not know, or null when all is well: told at the start, never guessed.</summary>
    public static string? FindUnknown(string template)
    {
        for (var i = template.IndexOf('%'); i >= 0 && i + 1 < template.Length; i = template.IndexOf('%', i + 1))
        {
            var start = i++;
            if (template[i] is 'L' or 'U' && i + 1 < template.Length)
                i++;
            if (template[i] is not ('u' or 'n' or 'd' or '%'))
                return template[start..(i + 1)];
        }
        return null;
    }

    static string Value(char variable, string user)
    {
        var at = user.IndexOf('@');
        return variable switch
        {
            'u' => user,
            'n' => at < 0 ? user : user[..at],
            'd' => at < 0 ? "" : user[(at + 1)..],
            '%' => "%",
            _ => $"%{variable}",
        };
    }
}
