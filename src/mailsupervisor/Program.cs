// mailsupervisor -c DIR: starts the house and keeps it running.
//
// Identity: root (or an ordinary user, with high ports and without the separations).
// It reads the configuration, binds the sockets, starts the children, and passes streams to mailbox workers. It speaks no network
// protocol, parses no mail and verifies no password.
// Trusts: its configuration files, and the auth server for which user a finished login is (never for a uid below first_valid_uid).
// Distrusts: everything else that a child says; each request is checked against the child's line in the process table.
// If it is taken over: everything is. That is why it is small and its input is frames of a few fields.
using MailSupervisor;

return await CommandLine.RunAsync(args);
