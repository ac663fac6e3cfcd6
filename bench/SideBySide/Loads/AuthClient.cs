using System.Text;
using SideBySide.Contenders;

namespace SideBySide.Loads;

/// <summary>A front end on an auth socket: PLAIN logins, one or several at a time.</summary>
sealed class AuthClient(string path, int number, string user, int outstanding = 1) : AuthConnection(path, number)
{
    readonly string _response = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{BenchUsers.Password}"));
    readonly StringBuilder _lines = new();
    int _id;

    /// <summary>As many logins as may be outstanding: all are sent, then all answers are read.</summary>
    public void LogIn()
    {
        _lines.Clear();
        for (var i = 0; i < outstanding; i++)
            _lines.Append($"AUTH\t{++_id}\tPLAIN\tservice=smtp\tnologin\tsession=bench\tlip=127.0.0.1\trip=127.0.0.1\tresp={_response}\n");
        Send(Encoding.ASCII.GetBytes(_lines.ToString()));
        for (var i = 0; i < outstanding; i++)
            Expect("OK\t"u8);
    }

    /// <summary>Begins a login and leaves it pending.</summary>
    public void Begin()
    {
        Send(Encoding.ASCII.GetBytes($"AUTH\t{++_id}\tLOGIN\tservice=smtp\tnologin\n"));
        Expect("CONT\t"u8);
    }
}
