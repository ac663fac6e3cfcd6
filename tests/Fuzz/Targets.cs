using System.Collections.Frozen;
using Sasl.Mechanisms;

namespace Fuzz;

/// <summary>Every target, one line each.</summary>
static class Targets
{
    public static readonly Target[] All =
    [
        // Sasl.Hosting
        new("line-reader", LineReaderTarget.Run, LineReaderTarget.Seeds) { MostPerByte = 2000 },
        new("dot-block", DotBlockTarget.Run, DotBlockTarget.Seeds),
        new("postfix-file", PostfixFileTarget.Run, PostfixFileTarget.Seeds),
        new("master-file", MasterFileTarget.Run, MasterFileTarget.Seeds),
        new("dovecot-file", DovecotFileTarget.Run, DovecotFileTarget.Seeds) { MostPerByte = 0 },
        new("dovecot-driver-file", DovecotDriverFileTarget.Run, DovecotDriverFileTarget.Seeds) { MostPerByte = 0 },
        new("dovecot-configuration", DovecotConfigurationTarget.Run, DovecotConfigurationTarget.Seeds) { MostPerByte = 0 },
        new("sasl2-file", Sasl2FileTarget.Run, Sasl2FileTarget.Seeds) { MostPerByte = 4000 },
        new("saslauthd-file", SaslauthdFileTarget.Run, SaslauthdFileTarget.Seeds) { MostPerByte = 4000 },
        new("shell-variables", ShellVariablesTarget.Run, ShellVariablesTarget.Seeds) { MostAtAll = 16 << 20 },
        new("main-cf-expansion", MainCfExpansionTarget.Run, MainCfExpansionTarget.Seeds) { MostAtAll = 16 << 20 },
        new("ldap-url", LdapUrlTarget.Run, LdapUrlTarget.Seeds),
        new("setting-value", SettingValueTarget.Run, SettingValueTarget.Seeds),

        // Sasl.Protocols, Sasl.Mechanisms, Sasl.Credentials, authserver
        new("tab-line", TabLineTarget.Run, TabLineTarget.Seeds),
        new("saslauthd-request", RequestCodecTarget.Run, RequestCodecTarget.Seeds),
        new("saslauthd-worker", WorkerFramesTarget.Run, WorkerFramesTarget.Seeds),
        new("saslauthd-reply", ReplyCodecTarget.Run, ReplyCodecTarget.Seeds),
        new("saslauthd-control", ControlTarget.Run, ControlTarget.Seeds),
        new("auth-client-command", ClientCommandTarget.Run, ClientCommandTarget.Seeds),
        new("auth-master-command", MasterCommandTarget.Run, MasterCommandTarget.Seeds),
        new("auth-client-session", AuthSessionTarget.RunLegacy, AuthSessionTarget.ClientSeeds) { MostPerByte = 0, IsSlow = true },
        new("auth-login-session", AuthSessionTarget.RunLogin, AuthSessionTarget.ClientSeeds) { MostPerByte = 0, IsSlow = true },
        new("auth-master-session", AuthSessionTarget.RunMaster, AuthSessionTarget.MasterSeeds) { MostPerByte = 0, IsSlow = true },
        new("auth-userdb-session", AuthSessionTarget.RunStranger, AuthSessionTarget.MasterSeeds) { MostPerByte = 0, IsSlow = true },
        new("origin-parameters", OriginParametersTarget.Run, OriginParametersTarget.Seeds),
        new("auth-server-lines", ServerLinesTarget.Run, ServerLinesTarget.Seeds),
        new("passdb-fields", PassdbFieldsTarget.Run, PassdbFieldsTarget.Seeds),
        new("auth-server-settings", AuthServerSettingsTarget.Run, AuthServerSettingsTarget.Seeds),
        new("auth-address", AuthAddressTarget.Run, AuthAddressTarget.Seeds),
        new("supervision-frame", FrameTarget.Run, FrameTarget.Seeds),
        .. SaslMechanisms.All.Where(m => m.Need != ClientNeed.Kerberos).SelectMany(m => new[] { SaslServerTarget.For(m.Name), SaslClientTarget.For(m.Name) }),
        .. SaslMechanisms.All.Where(m => m.Need == ClientNeed.Kerberos).Select(m => KerberosServerTarget.For(m.Name)),
        new("digest-response", DigestTarget.RunResponse, DigestTarget.Responses),
        new("digest-challenge", DigestTarget.RunChallenge, DigestTarget.Challenges),
        new("digest-unwrap", DigestUnwrapTarget.Run, DigestUnwrapTarget.Seeds),
        new("scram-secret", ScramSecretTarget.Run, ScramSecretTarget.Seeds),
        new("preparation", PreparationTarget.Run, PreparationTarget.Seeds),
        new("sasl-profile", ProfileTarget.Run, ProfileTarget.Seeds),
        new("otp-messages", OtpTarget.RunMessages, OtpTarget.Messages),
        new("otp-answer", OtpTarget.RunServer, OtpTarget.Answers),
        new("password-scheme", PasswordSchemeTarget.Run, PasswordSchemeTarget.Seeds),
        new("ldap-filter", LdapFilterTarget.Run, LdapFilterTarget.Seeds) { MostPerByte = 2000 },
        new("ldap-template", LdapTemplateTarget.Run, LdapTemplateTarget.Seeds),
        new("ldap-response", LdapResponseTarget.Run, LdapResponseTarget.Seeds),
        new("passwd-file", PasswdFileTarget.Run, PasswdFileTarget.Seeds) { MostPerByte = 2000 },
        new("sasldb2-dump", Sasldb2DumpTarget.Run, Sasldb2DumpTarget.Seeds) { MostPerByte = 2000 },
        new("sql-statement", SqlStatementTarget.Run, SqlStatementTarget.Seeds) { MostPerByte = 4000 },
        new("sql-connect", SqlConnectTarget.Run, SqlConnectTarget.Seeds) { MostPerByte = 4000 },
        new("remote-imap", RemoteImapTarget.Run, RemoteImapTarget.Seeds),
        new("remote-smtp", RemoteSmtpTarget.Run, RemoteSmtpTarget.Seeds),
        new("remote-address", RemoteAddressTarget.Run, RemoteAddressTarget.Seeds),
        new("httpform-template", HttpFormTemplateTarget.Run, HttpFormTemplateTarget.Seeds),
        new("audit-line", AuditLineTarget.Run, AuditLineTarget.Seeds) { MostPerByte = 4000 },
        new("defence-state", DefenceStateTarget.Run, DefenceStateTarget.Seeds),
        new("passwd-file-path", PasswdFilePathTarget.Run, PasswdFilePathTarget.Seeds) { MostPerByte = 4000 },
        new("userdb-fields", UserdbFieldsTarget.Run, UserdbFieldsTarget.Seeds) { MostPerByte = 4000 },
        new("jwt", JwtTarget.Run, JwtTarget.Seeds),
        new("jwk-set", KeyRingTarget.Run, KeyRingTarget.Seeds) { MostPerByte = 4000 },
        new("answer-template", AnswerTemplateTarget.Run, AnswerTemplateTarget.Seeds) { MostPerByte = 0 },
        new("ldap-attribute-map", LdapAttributeMapTarget.Run, LdapAttributeMapTarget.Seeds) { MostPerByte = 0 },
        new("user-names", UserNamesTarget.Run, UserNamesTarget.Seeds),

        // MailStore
        new("mime-structure", StructureTarget.Run, StructureTarget.Seeds),
        new("mime-addresses", AddressTarget.Run, AddressTarget.Seeds),
        new("mime-parameters", ParameterTarget.Run, ParameterTarget.Seeds),
        new("modified-utf7", ModifiedUtf7Target.Run, ModifiedUtf7Target.Seeds),
        new("message-file-name", MessageFileNameTarget.Run, MessageFileNameTarget.Seeds),
        new("folder-name", FolderNameTarget.Run, FolderNameTarget.Seeds),
        new("maildir-control-files", ControlFilesTarget.Run, ControlFilesTarget.Seeds) { IsSlow = true, MostPerByte = 2000 },
        new("mbox-scanner", MboxScannerTarget.Run, MboxScannerTarget.Seeds),
        new("mbox-delivery", MboxDeliveryTarget.Run, MboxDeliveryTarget.Seeds) { IsSlow = true, MostPerByte = 0 },
        new("line-ends", LineEndTarget.Run, LineEndTarget.Seeds),
        new("mail-location", MailLocationTarget.Run, MailLocationTarget.Seeds),

        // MailServers
        new("smtp-command-line", CommandLineTarget.Run, CommandLineTarget.Seeds),
        new("smtp-path", PathTarget.Run, PathTarget.Seeds),
        new("smtp-content", ContentTarget.Run, ContentTarget.Seeds),
        new("smtp-trace-header", TraceHeaderTarget.Run, TraceHeaderTarget.Seeds),
        new("smtp-session", SmtpSessionTarget.Run, SmtpSessionTarget.Seeds) { IsSlow = true, MostPerByte = 0 },
        new("lmtp-session", LmtpServerTarget.Run, LmtpServerTarget.Seeds) { IsSlow = true, MostPerByte = 0 },
        new("lmtp-mbox-text", MboxTextTarget.Run, MboxTextTarget.Seeds),
        new("queue-envelope", EnvelopeTarget.Run, EnvelopeTarget.Seeds),
        new("queue-tables", TablesTarget.Run, TablesTarget.Seeds),
        new("smtp-client-reply", ClientReplyTarget.Run, ClientReplyTarget.Seeds),
        new("imap-login-line", ImapLineTarget.Run, ImapLineTarget.Seeds),
        new("imap-login-session", LoginSessionTarget.RunImap, LoginSessionTarget.ImapSeeds) { IsSlow = true, MostPerByte = 0 },
        new("pop3-login-session", LoginSessionTarget.RunPop3, LoginSessionTarget.Pop3Seeds) { IsSlow = true, MostPerByte = 0 },
        new("imap-arguments", ArgumentsTarget.Run, ArgumentsTarget.Seeds),
        new("imap-decoded-text", DecodedTextTarget.Run, DecodedTextTarget.Seeds),
        new("imap-session", ImapSessionTarget.RunCommands, ImapSessionTarget.Commands) { IsSlow = true, MostPerByte = 0 },
        new("imap-message", ImapSessionTarget.RunMessage, StructureTarget.Seeds) { IsSlow = true, MostPerByte = 0 },
        new("pop3-session", Pop3SessionTarget.Run, Pop3SessionTarget.Seeds) { IsSlow = true, MostPerByte = 0 },
        new("pop3-uidl-format", Pop3SessionTarget.RunFormat, Pop3SessionTarget.FormatSeeds),

        // mailctl
        new("sendmail-message", SendmailTarget.Run, SendmailTarget.Seeds),
        new("sendmail-addresses", AddressListTarget.Run, AddressListTarget.Seeds),
    ];

    static readonly FrozenDictionary<string, Target> _byName = All.ToFrozenDictionary(t => t.Name);

    public static Target? Find(string name) => _byName.GetValueOrDefault(name);
}
