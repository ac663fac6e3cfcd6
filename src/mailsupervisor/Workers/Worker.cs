using MailSupervisor.Children;

namespace MailSupervisor.Workers;

/// <summary>A running worker and how many streams it serves, as far as the supervisor knows.</summary>
sealed class Worker(Child child)
{
    public Child Child { get; } = child;

    /// <summary>Streams sent to it since its start.</summary>
    public long Sent { get; set; }

    /// <summary>When the last stream ended; null while there are some or one is on its way.</summary>
    public long? IdleSince { get; set; }
}
