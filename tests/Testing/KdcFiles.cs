namespace Testing;

/// <summary>The two configuration files of a <see cref="Kdc"/>.</summary>
static class KdcFiles
{
    /// <summary>krb5.conf, for the library. No DNS, no other host, no file of the machine's: also the replay cache is in the directory.</summary>
    public static string Library(string directory, string[] realms, int port) => $"""
        [libdefaults]
         default_realm = {realms[0]}
         dns_lookup_kdc = false
         dns_lookup_realm = false
         dns_canonicalize_hostname = false
         rdns = false
         udp_preference_limit = 1
         default_rcache_name = file2:{directory}/replays
        [realms]
        {string.Join('\n', realms.Select(realm => $" {realm} = {{\n  kdc = 127.0.0.1:{port}\n }}"))}
        {$" {Kdc.UnreachableRealm} = {{\n  kdc = 127.0.0.1:1\n }}"}
        [domain_realm]
         localhost = {realms[0]}
        [capaths]
        {string.Join('\n', realms.Select(from => $" {from} = {{\n{string.Concat(realms.Where(to => to != from).Select(to => $"  {to} = .\n"))} }}"))}

        """;

    /// <summary>kdc.conf, for krb5kdc and kadmin.local.</summary>
    public static string Server(string directory, string[] realms, int port) => $"""
        [kdcdefaults]
         kdc_listen = 127.0.0.1:{port}
         kdc_tcp_listen = 127.0.0.1:{port}
        [realms]
        {string.Join('\n', realms.Select(realm => $$"""
             {{realm}} = {
              database_name = {{directory}}/{{realm}}.db
              key_stash_file = {{directory}}/{{realm}}.stash
              acl_file = {{directory}}/no-acl
              max_life = 10h
              default_principal_flags = +preauth
             }
            """))}
        [logging]
         kdc = FILE:{directory}/kdc.log

        """;
}
