namespace MailStore.Maildir;

sealed partial class MaildirStore
{
    public IReadOnlyList<string> Subscriptions() => _subscriptions.Read();

    public StoreResult Subscribe(string folder, bool subscribed)
    {
        folder = FolderName.Canonical(folder);
        if (subscribed && FolderName.Problem(folder) is { } problem)
            return new(StoreError.InvalidName, problem);
        _subscriptions.Change(folder, subscribed);
        return StoreResult.Ok;
    }
}
