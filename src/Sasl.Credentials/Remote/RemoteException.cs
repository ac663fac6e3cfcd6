namespace Sasl.Credentials.Remote;

/// <summary>The server could not be asked: not reached, gone in the middle, or not speaking its protocol. The message becomes the verdict's reason.</summary>
sealed class RemoteException(string reason) : Exception(reason);
