// mailctl: the administrator's commands — settings, checks, users of the secrets database, certificates.
//
// Identity: whoever types it; it has no rights of its own and is never set-uid.
// Trusts: its arguments, the terminal and the files it is pointed at. Speaks to no network.
// Taken over: what its caller could do anyway.

using MailControl;

return await CommandTable.RunAsync(Environment.GetCommandLineArgs()[0], args, CommandContext.OfProcess());
