using System.Net;
using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>Sign-in by phone.</summary>
public abstract class PhoneContract(IDatabaseHost host) : AuthContract(host)
{
    [Fact]
    public async Task SignIn_AboveALimit_DoesNotUseTheCode()
    {
        Options.RegistrationsPerAddressHourMax = 1;
        await SignInByPhoneAsync();
        string challenge = await ChallengeAsync("+821099999999");
        string code = Codes.Last;
        (await PostAsync("/phone/sign-in", new { challenge, code })).Refused(429, "too_many_attempts");

        Options.RegistrationsPerAddressHourMax = 2;
        (await PostAsync("/phone/sign-in", new { challenge, code })).Good();
        (await PostAsync("/phone/sign-in", new { challenge, code })).Refused(401, "code_expired");
    }

    [Fact]
    public async Task SignIn_CodeThatWasSent_GivesTokensOfANewAccountAndThenOfTheSame()
    {
        AuthAnswer first = await SignInByPhoneAsync();
        AuthAnswer second = await SignInByPhoneAsync("0082 (10) 1234-5678");

        Assert.True(first.Body.GetProperty("is_new_account").GetBoolean());
        Assert.False(second.Body.GetProperty("is_new_account").GetBoolean());
        Assert.Equal(first.UserId, second.UserId);
        Assert.StartsWith("u-", first.UserId, StringComparison.Ordinal);
        Assert.Equal(first.UserId, (await ValidateAsync(first.Access)).UserId);
        Assert.Equal(Phone, Codes.All.Last().Phone);
    }

    [Fact]
    public async Task SignIn_WrongCode_IsRefusedAndTheRightOneStillWorks()
    {
        string challenge = await ChallengeAsync();
        (await PostAsync("/phone/sign-in", new { challenge, code = Other(Codes.Last) })).Refused(401, "wrong_code");
        (await PostAsync("/phone/sign-in", new { challenge, code = Codes.Last })).Good();
    }

    [Fact]
    public async Task SignIn_CodeOfAnotherChallenge_IsRefused()
    {
        string mine = await ChallengeAsync();
        await ChallengeAsync("+4915112345678");
        (await PostAsync("/phone/sign-in", new { challenge = mine, code = Codes.Last })).Refused(401, "wrong_code");
    }

    [Fact]
    public async Task SignIn_CodeASecondTime_IsRefused()
    {
        string challenge = await ChallengeAsync();
        (await PostAsync("/phone/sign-in", new { challenge, code = Codes.Last })).Good();
        (await PostAsync("/phone/sign-in", new { challenge, code = Codes.Last })).Refused(401, "code_expired");
    }

    [Theory]
    [InlineData(299.0, true)]
    [InlineData(300.0, false)]
    public async Task SignIn_CodeAfterSomeTime_IsGoodUntilItsExpiry(double seconds, bool isGood)
    {
        string challenge = await ChallengeAsync();
        Clock.AdvanceSeconds(seconds);
        AuthAnswer answer = await PostAsync("/phone/sign-in", new { challenge, code = Codes.Last });
        Assert.Equal(isGood ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, answer.Status);
    }

    [Fact]
    public async Task SignIn_RightCodeAfterFiveWrongTries_IsRefused()
    {
        string challenge = await ChallengeAsync();
        for (int i = 0; i < 5; i++)
        {
            (await PostAsync("/phone/sign-in", new { challenge, code = Other(Codes.Last) })).Refused(401, "wrong_code");
        }

        (await PostAsync("/phone/sign-in", new { challenge, code = Codes.Last })).Refused(401, "code_expired");
    }

    [Fact]
    public async Task SignIn_ManyWrongTriesAtTheSameTime_CountOneByOne()
    {
        string challenge = await ChallengeAsync();
        AuthAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => PostAsync("/phone/sign-in", new { challenge, code = Other(Codes.Last) })));
        Assert.Equal(5, answers.Count(answer => answer.Error == "wrong_code"));
        Assert.Equal(15, answers.Count(answer => answer.Error == "code_expired"));
    }

    [Fact]
    public async Task SignIn_SameCodeAtTheSameTime_ExactlyOneSucceeds()
    {
        string challenge = await ChallengeAsync();
        AuthAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => PostAsync("/phone/sign-in", new { challenge, code = Codes.Last })));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(7, answers.Count(answer => answer.Error == "code_expired"));
    }

    [Fact]
    public async Task SignIn_NewPhoneWithTwoCodesAtTheSameTime_MakesOneAccount()
    {
        string first = await ChallengeAsync();
        string firstCode = Codes.Last;
        string second = await ChallengeAsync();
        AuthAnswer[] answers = await Task.WhenAll(
            PostAsync("/phone/sign-in", new { challenge = first, code = firstCode }), PostAsync("/phone/sign-in", new { challenge = second, code = Codes.Last }));
        Assert.Equal(answers[0].Good().UserId, answers[1].Good().UserId);
    }

    [Fact]
    public async Task SignIn_ChallengeThatNobodyHas_IsRefusedAsAnExpiredOne() =>
        (await PostAsync("/phone/sign-in", new { challenge = "nobody", code = "123456" })).Refused(401, "code_expired");

    [Fact]
    public async Task SendCode_AgainWithinThirtySeconds_IsRefusedAndSaysWhen()
    {
        await ChallengeAsync();
        Clock.AdvanceSeconds(20);
        AuthAnswer refused = (await PostAsync("/phone/code", new { phone = Phone })).Refused(429, "too_many_attempts");
        Assert.Equal(10, refused.Body.GetProperty("retry_after_seconds").GetInt32());
        Assert.Equal(TimeSpan.FromSeconds(10), refused.Message.Headers.RetryAfter!.Delta);
        Clock.AdvanceSeconds(10);
        (await PostAsync("/phone/code", new { phone = Phone })).Good();
    }

    [Fact]
    public async Task SendCode_SixthInAnHour_IsRefusedAndOtherPhonesAreNot()
    {
        for (int i = 0; i < 5; i++)
        {
            await ChallengeAsync();
        }

        Clock.AdvanceSeconds(31);
        (await PostAsync("/phone/code", new { phone = Phone })).Refused(429, "too_many_attempts");
        (await PostAsync("/phone/code", new { phone = "+4915112345678" })).Good();
        Clock.Advance(TimeSpan.FromHours(1));
        (await PostAsync("/phone/code", new { phone = Phone })).Good();
    }

    [Fact]
    public async Task SendCode_ManyPhonesFromOneAddress_AreLimited()
    {
        for (int i = 0; i < 20; i++)
        {
            (await PostAsync("/phone/code", new { phone = $"+8210000000{i:00}" })).Good();
        }

        (await PostAsync("/phone/code", new { phone = "+821000000099" })).Refused(429, "too_many_attempts");
    }

    [Fact]
    public async Task SendCode_AtTheSameTime_OneIsSent()
    {
        AuthAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PostAsync("/phone/code", new { phone = Phone })));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Accepted);
        Assert.Single(Codes.All);
    }

    [Fact]
    public async Task SendCode_KnownAndUnknownPhone_AnswerAlike()
    {
        await SignInByPhoneAsync();
        Clock.AdvanceSeconds(31);
        AuthAnswer known = await PostAsync("/phone/code", new { phone = Phone });
        AuthAnswer unknown = await PostAsync("/phone/code", new { phone = "+4915112345678" });
        Assert.Equal(known.Status, unknown.Status);
        Assert.Equal(known.Body.EnumerateObject().Select(field => field.Name), unknown.Body.EnumerateObject().Select(field => field.Name));
        Assert.Equal(known.Text("challenge").Length, unknown.Text("challenge").Length);
    }

    [Fact]
    public async Task SendCode_SenderFails_IsSaid()
    {
        Codes.Works = false;
        (await PostAsync("/phone/code", new { phone = Phone })).Refused(503, "code_not_sent");
    }

    [Theory]
    [InlineData("")]
    [InlineData("01012345678")]
    [InlineData("+0123456789")]
    [InlineData("+1234567")]
    [InlineData("+1234567890123456")]
    [InlineData("+8210x2345678")]
    [InlineData("+٨٢١٠١٢٣٤٥٦٧٨")]
    public async Task SendCode_WhatIsNoNumberWithCountryCode_IsRefused(string phone) =>
        (await PostAsync("/phone/code", new { phone })).Refused(400, "invalid_request");

    [Fact]
    public async Task SignIn_RegistrationClosed_UnknownPhoneIsRefusedAndKnownIsNot()
    {
        await SignInByPhoneAsync();
        Options.Registration = false;
        await SignInByPhoneAsync();
        string challenge = await ChallengeAsync("+4915112345678");
        (await PostAsync("/phone/sign-in", new { challenge, code = Codes.Last })).Refused(403, "registration_closed");
    }

    [Fact]
    public async Task SignIn_Logs_NameNoNumber()
    {
        await SignInByPhoneAsync();
        Assert.DoesNotContain(Logs.Lines, line => line.Contains("1012345678", StringComparison.Ordinal));
    }
}
