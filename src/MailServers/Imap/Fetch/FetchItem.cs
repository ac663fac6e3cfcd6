namespace MailServers.Imap.Fetch;

enum FetchAttribute { Uid, Flags, InternalDate, Size, Envelope, BodyStructure, Body, Section }

/// <summary>One thing asked of each message. <paramref name="Section"/> is set for <see cref="FetchAttribute.Section"/> only.</summary>
sealed record FetchItem(FetchAttribute Attribute, BodySection? Section = null);
