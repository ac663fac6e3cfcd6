// Invariants of this file:
//  * Never more clients than the limit hold a slot.
//  * A logged-in client is never dropped for a new one; of the others always the oldest.
namespace MailServers.Login;

/// <summary>The places for clients. When all are taken, the oldest client that has not logged in makes room.</summary>
sealed class LoginSlots(int limit)
{
    readonly Lock _gate = new();
    readonly LinkedList<LoginSlot> _waiting = [];
    int _taken;

    public int Taken
    {
        get
        {
            lock (_gate)
                return _taken;
        }
    }

    /// <summary>
    /// Null when every place belongs to a logged-in client. A dropped client gives its place up at once, not when its task has ended.
    /// </summary>
    /// <param name="drop">Tells this client to go; called without a lock when a newer one needs its place.</param>
    public LoginSlot? TryEnter(Action drop)
    {
        var slot = new LoginSlot(drop);
        LoginSlot? dropped = null;
        lock (_gate)
        {
            if (_taken >= limit)
            {
                if (_waiting.First is not { } oldest)
                    return null;
                dropped = oldest.Value;
                Remove(dropped);
            }
            _taken++;
            slot.Waiting = _waiting.AddLast(slot);
            slot.IsTaken = true;
        }
        dropped?.Drop();
        return slot;
    }

    /// <summary>The client has logged in and stays. False when it was dropped a moment before.</summary>
    public bool TryPromote(LoginSlot slot)
    {
        lock (_gate)
        {
            if (slot.Waiting is not { } node)
                return false;
            _waiting.Remove(node);
            slot.Waiting = null;
            return true;
        }
    }

    public void Leave(LoginSlot slot)
    {
        lock (_gate)
            Remove(slot);
    }

    void Remove(LoginSlot slot)
    {
        if (slot.Waiting is { } node)
            _waiting.Remove(node);
        if (slot.IsTaken)
            _taken--;
        (slot.Waiting, slot.IsTaken) = (null, false);
    }
}

/// <summary>One client's place; its state belongs to <see cref="LoginSlots"/>.</summary>
sealed class LoginSlot(Action drop)
{
    public LinkedListNode<LoginSlot>? Waiting { get; set; }

    public bool IsTaken { get; set; }

    public void Drop() => drop();
}
