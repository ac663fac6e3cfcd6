using System.Runtime.InteropServices;

namespace Sasl.Credentials.Native;

/// <summary>Ed25519 (RFC 8032 §5.1) by the library of OpenSSL that .NET has loaded already; the platform has no class for it.</summary>
static partial class Ed25519
{
    const string Crypto = "libcrypto.so.3";

    const int KeySize = 32, SignatureSize = 64, Type = 1087;

    public static bool IsAvailable { get; } = NativeLibrary.TryLoad(Crypto, out _);

    /// <summary>False when the signature is wrong or of another length.</summary>
    /// <exception cref="DllNotFoundException">It is not available.</exception>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != KeySize || signature.Length != SignatureSize)
            return false;
        var (key, context) = (NewKey(Type, 0, publicKey, KeySize), NewContext());
        try
        {
            return key != 0 && context != 0 && Begin(context, 0, 0, 0, key) == 1 && Check(context, signature, SignatureSize, data, (nuint)data.Length) == 1;
        }
        finally
        {
            FreeContext(context);
            FreeKey(key);
            // What went wrong stays in a queue of this thread otherwise, and would be somebody else's error.
            ClearErrors();
        }
    }

    [LibraryImport(Crypto, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    private static partial nint NewKey(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Crypto, EntryPoint = "EVP_PKEY_free")]
    private static partial void FreeKey(nint key);

    [LibraryImport(Crypto, EntryPoint = "EVP_MD_CTX_new")]
    private static partial nint NewContext();

    [LibraryImport(Crypto, EntryPoint = "EVP_MD_CTX_free")]
    private static partial void FreeContext(nint context);

    [LibraryImport(Crypto, EntryPoint = "EVP_DigestVerifyInit")]
    private static partial int Begin(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Crypto, EntryPoint = "EVP_DigestVerify")]
    private static partial int Check(nint context, ReadOnlySpan<byte> signature, nuint signatureLength, ReadOnlySpan<byte> data, nuint dataLength);

    [LibraryImport(Crypto, EntryPoint = "ERR_clear_error")]
    private static partial void ClearErrors();
}
