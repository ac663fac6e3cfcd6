namespace Sasl.Hosting.Configuration;

// -a pam. Cyrus has none of these.
public static partial class SaslauthdConf
{
    public static readonly Setting PamServices = List("pam_services", "",
        "The only PAM services that may be asked for; empty: any file of /etc/pam.d that a client names.");

    public static readonly Setting PamFailDelay = YesNo("pam_fail_delay", "yes",
        "Waits after a failure as long as the modules ask for (pam_unix: about 2 seconds); the worker process serves nobody else meanwhile.");

    public static readonly Setting PamUser = Text("pam_user", "worker",
        "As whom the stack runs: as worker_user with the right to read /etc/shadow, or as root, for modules that write below /var (pam_faillock).",
        s => s with { Choices = ["worker", "root"] });
}
