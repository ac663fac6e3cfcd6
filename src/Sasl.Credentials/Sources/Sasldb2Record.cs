namespace Sasl.Credentials.Sources;

/// <summary>One record of a Cyrus sasldb2. Not a record type: its ToString would print the secret.</summary>
public sealed class Sasldb2Record(string user, string realm, string property, byte[] value, int line)
{
    public string User => user;

    public string Realm => realm;

    /// <summary>userPassword, cmusaslsecretOTP, authPassword, …</summary>
    public string Property => property;

    public byte[] Value => value;

    /// <summary>Of the dump, for what is wrong with it.</summary>
    public int Line => line;
}
