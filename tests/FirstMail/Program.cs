// firstmail HOST SMTP SUBMISSION IMAP POP3 USER ADDRESS CERTIFICATE: the password is the first line of standard input.
using FirstMail;

if (args is not [var host, var smtp, var submission, var imap, var pop3, var user, var address, var certificate])
{
    Console.Error.WriteLine("usage: firstmail HOST SMTP SUBMISSION IMAP POP3 USER ADDRESS CERTIFICATE  (password on standard input)");
    return 64;
}
var house = new House(host, int.Parse(smtp), int.Parse(submission), int.Parse(imap), int.Parse(pop3), user, Console.ReadLine() ?? "", address, certificate);
var step = 0;
try
{
    await new Journey(house, (what, result) => Console.WriteLine($"  {++step}. {what,-36} ok   {result}")).RunAsync();
    return 0;
}
catch (Exception failure)
{
    Console.WriteLine($"  {++step}. FAILED: {failure.GetType().Name}: {failure.Message}");
    return 1;
}
