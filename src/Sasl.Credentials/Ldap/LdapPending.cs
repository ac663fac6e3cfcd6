namespace Sasl.Credentials.Ldap;

/// <summary>A request that waits for its end.</summary>
/// <param name="end">The kind of response that ends it.</param>
/// <param name="most">Entries that it takes before.</param>
sealed class LdapPending(LdapResponseKind end, int most)
{
    readonly List<LdapEntry> _entries = [];

    public TaskCompletionSource<LdapResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>To be read when it is done.</summary>
    public IReadOnlyList<LdapEntry> Entries => _entries;

    /// <summary>It was ended here, and the server may still be at it.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Where the next page begins, as the server said at the end.</summary>
    public byte[]? Cookie { get; private set; }

    /// <summary>By the reader only.</summary>
    public void Take(LdapResponse response)
    {
        if (Done.Task.IsCompleted)
            return;
        if (response.Kind == end)
        {
            Cookie = response.Cookie;
            Done.TrySetResult(response.Result!);
        }
        else if (response.Entry is { } entry && end == LdapResponseKind.SearchDone)
            Take(entry);
        else if (response.Kind is not (LdapResponseKind.Reference or LdapResponseKind.Intermediate))
            Done.TrySetException(new LdapException("the server answers something that was not asked"));
    }

    void Take(LdapEntry entry)
    {
        if (_entries.Count < most)
        {
            _entries.Add(entry);
            return;
        }
        IsCut = true;
        Done.TrySetResult(new(LdapResultCode.SizeLimitExceeded, "more than were asked for", []));
    }
}
