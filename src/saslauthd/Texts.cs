namespace Saslauthd;

/// <summary>What the program says about itself, on standard error as Cyrus does.</summary>
static class Texts
{
    public static string Version =>
        $"saslauthd {typeof(Texts).Assembly.GetName().Version?.ToString(3)}\nauthentication mechanisms: {string.Join(' ', MechanismTable.All.Keys.Order(StringComparer.Ordinal))}\n";

    public const string Usage = """
        usage: saslauthd [--config FILE] [options] -a MECHANISM[,MECHANISM...]

          -a MECHANISM  how passwords are checked; several, or several -a, are asked in this order (see -v)
          -c            remember successful logins until a password or account is changed; HUP forgets them
          -d            stay in the foreground, log everything, also to standard error
          -f            stay in the foreground
          -h            this text
          -l            accepted for compatibility; nothing is serialised here
          -m DIR        absolute path of the directory of the socket "mux" and the pid file (default /run/saslauthd)
          -n N          at most N worker processes for each mechanism, for hashing never more than there are cores (default 5; 0: one per core)
          -O OPTION     option of the mechanism (sasldb: path of the secrets database); MECHANISM=OPTION for one of several
          -r            the login becomes login@realm when there is a realm
          -s KILOBYTES  size of the memory of -c (default 962)
          -t SECONDS    how long -c remembers at most (default 28800)
          -v            version and mechanisms
          -V            log successes and other details
          --config FILE the settings (default /etc/saslauthd.conf); before all other options
          --defaults FILE  the options are in this file of shell variables (/etc/default/saslauthd, /etc/sysconfig/saslauthd); given more than once,
                        in the first one that is there; before all other options
          --self-test   check that this program has what it needs

        """;
}
