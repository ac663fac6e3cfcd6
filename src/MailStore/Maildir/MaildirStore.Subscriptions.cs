namespace MailStore.Maildir;

sealed partial class MaildirStore
{
    public IReadOnlyList<string> Subscriptions() => SubscriptionFile.Read(_root);

    public StoreResult Subscribe(string folder, bool subscribed)
    {
        folder = FolderName.Canonical(folder);
        if (subscribed && FolderName.Problem(folder) is { } problem)
            return new(StoreError.InvalidName, problem);
        SubscriptionFile.Change(_root, folder, subscribed, _time);
        return StoreResult.Ok;
    }
}
