package dev.orderflow.localcloud.ses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsProtocol;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SesRefusalsTest {

    private static final String SIMPLE =
            "'Simple':{'Subject':{'Data':'s'},'Body':{'Text':{'Data':'t'}}}";

    private static final String OF_RAW =
            "{'FromEmailAddress':'a@example.org','Destination':{'ToAddresses':['b@example.org']},"
                    + "'Content':{'Raw':{'Data':'%s'}}}";

    private final Ses ses = new Ses(new CloudClock(1));

    @BeforeEach
    void verifyTheDomain() {
        call(AwsProtocol.QUERY, "VerifyDomainIdentity", json("{'Domain':'example.org'}"));
    }

    /// https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html: the message
    /// names the identities that failed.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'Source':'a@example.com' | a@example.com",
                "'Source':'Shop <a@example.com>' | Shop <a@example.com>",
                "'Source':'a@notexample.org' | a@notexample.org",
                "'Source':'a@example.org','ReturnPath':'r@example.com' | r@example.com",
                "'Source':'a@example.com','ReturnPath':'r@example.net' | a@example.com, r@example.net"
            })
    void aSenderThatIsNotVerifiedIsNamed(String senders, String failed) {
        var input =
                json(
                        "{%s,'Destination':{'ToAddresses':['b@example.net']},".formatted(senders)
                                + "'Message':{'Subject':{'Data':'s'},'Body':{'Text':{'Data':'t'}}}}");
        assertThatThrownBy(() -> call(AwsProtocol.QUERY, "SendEmail", input))
                .isInstanceOfSatisfying(
                        AwsErrorException.class,
                        refused -> {
                            assertThat(refused.code()).isEqualTo("MessageRejected");
                            assertThat(refused)
                                    .hasMessage(
                                            "Email address is not verified. The following identities"
                                                    + " failed the check in region US-EAST-1: "
                                                    + failed);
                        });
        assertThat(ses.render("GET", "").path("messages")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@example.org",
                "a@EXAMPLE.org",
                "a@mail.example.org",
                "Shop <a@example.org>",
                "own@example.com"
            })
    void aDomainVerifiesItsAddressesAndSubdomains(String sender) {
        call(AwsProtocol.QUERY, "VerifyEmailIdentity", json("{'EmailAddress':'own@example.com'}"));
        var input =
                json(
                        "{'FromEmailAddress':'%s','Destination':{'ToAddresses':['b@example.net']},'Content':{%s}}"
                                .formatted(sender, SIMPLE));
        assertThat(call(AwsProtocol.REST_JSON, "POST /outbound-emails", input).has("MessageId"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "nonsense | Illegal header 'nonsense'.",
                "<html>a b | Illegal header '<html>a b'.",
                "Sub ject: x | Illegal header 'Sub ject'.",
                ": x | Empty header names are illegal.",
                "Subject: x | Missing required header 'From'.",
                "From: | Missing required header 'From'.",
                "From: a@example.org~To: b@example.org~To: c@example.org | Duplicate header 'To'.",
                "From: a@example.com | Email address is not verified. The following identities failed"
                        + " the check in region US-EAST-1: a@example.com",
            })
    void aMalformedRawMessageIsRejectedWithItsReason(String message, String reason) {
        assertThatThrownBy(() -> sendRaw(message.replace("~", "\r\n") + "\r\n\r\nHi\r\n"))
                .hasMessage(reason);
    }

    @Test
    void aRawMessageIsSentToTheRecipientsOfItsHeaderIfTheRequestHasNone() {
        var message =
                "From: a@example.org\r\nTo: \"B, b\" <b@example.org>,\r\n c@example.org\r\n\r\nTo: d@example.org";
        call(
                AwsProtocol.QUERY,
                "SendRawEmail",
                json("{'RawMessage':{'Data':'%s'}}".formatted(base64(message))));
        assertThat(ses.render("GET", "").path("messages").path(0).path("Destination").toString())
                .contains("<b@example.org>", "\"c@example.org\"")
                .doesNotContain("d@example.org");
    }

    @Test
    void rawContentThatIsNotBase64IsRejected() {
        assertThatThrownBy(
                        () ->
                                call(
                                        AwsProtocol.REST_JSON,
                                        "POST /outbound-emails",
                                        json(OF_RAW.formatted("%%%"))))
                .isInstanceOfSatisfying(
                        AwsErrorException.class,
                        refused -> assertThat(refused.code()).isEqualTo("BadRequestException"));
    }

    private void sendRaw(String message) {
        call(
                AwsProtocol.REST_JSON,
                "POST /outbound-emails",
                json(OF_RAW.formatted(base64(message))));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /// In version 2 every bad value is a BadRequestException, on the SDK a type of its own.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'Content':{SIMPLE,'Raw':{'Data':'eA=='}}",
                "'Content':{}",
                "'Content':{SIMPLE},'EmailTags':[{'Name':'a b','Value':'x'}]",
                "'Content':{SIMPLE},'EmailTags':[{'Name':'a','Value':'x y'}]",
                "'Content':{SIMPLE},'EmailTags':[{'Name':'a'}]",
                "'Content':{'Simple':{'Subject':{'Data':'s','Charset':'foo'},'Body':{'Text':{'Data':'t'}}}}",
                "'Content':{'Simple':{'Subject':{'Data':'s','Charset':'a b'},'Body':{'Text':{'Data':'t'}}}}",
                "'Content':{'Simple':{'Subject':{'Data':'s'},'Body':{'Text':{'Data':'t'}},'Headers':[{'Name':'To','Value':'x'}]}}",
                "'Content':{'Simple':{'Subject':{'Data':'s'},'Body':{'Text':{'Data':'t'}},'Headers':[{'Name':'X-A b','Value':'x'}]}}",
                "'Content':{'Simple':{'Subject':{'Data':'s'},'Body':{'Text':{'Data':'t'}},'Headers':[{'Name':'X-A','Value':'a\\nBcc: b'}]}}",
                "'Content':{'Simple':{'Subject':{'Data':'a\\nBcc: b'},'Body':{'Text':{'Data':'t'}}}}",
                "'Content':{SIMPLE},'ReplyToAddresses':['x']",
                "'Content':{SIMPLE},'ReplyToAddresses':['']"
            })
    void versionTwoRejectsWithBadRequest(String members) {
        var request =
                "{'FromEmailAddress':'a@example.org','Destination':{'ToAddresses':['b@example.org']},"
                        + members
                        + "}";
        var input = json(request.replace("SIMPLE", SIMPLE));
        var refused =
                catchThrowableOfType(
                        AwsErrorException.class,
                        () -> call(AwsProtocol.REST_JSON, "POST /outbound-emails", input));
        assertThat(refused).as(members).isNotNull();
        assertThat(refused.code()).isEqualTo("BadRequestException");
        assertThat(ses.render("GET", "").path("messages")).isEmpty();
    }

    @Test
    void aMailWithTagsAndHeadersOfItsOwnIsSent() {
        var input =
                json(
                        "{'FromEmailAddress':'a@example.org','Destination':{'ToAddresses':['b@example.org']},"
                                + "'EmailTags':[{'Name':'order-id','Value':'0197f2a4'}],'Content':{'Simple':{'Subject':{'Data':'s','Charset':'UTF-8'},"
                                + "'Body':{'Text':{'Data':'t'}},'Headers':[{'Name':'X-Order','Value':'1'}]}}}");
        assertThat(call(AwsProtocol.REST_JSON, "POST /outbound-emails", input).has("MessageId"))
                .isTrue();
    }

    @Test
    void aMailIsKeptAfterTenThousandOthersWereDeleted() {
        var input =
                json(
                        "{'FromEmailAddress':'a@example.org','Destination':{'ToAddresses':['b@example.org']},'Content':{%s}}"
                                .formatted(SIMPLE));
        for (int i = 0; i < 10_001; i++) {
            call(AwsProtocol.REST_JSON, "POST /outbound-emails", input);
        }
        assertThat(ses.render("GET", "").path("messages")).hasSize(10_000);
        assertThat(ses.render("DELETE", "").path("messages")).isEmpty();
        call(AwsProtocol.REST_JSON, "POST /outbound-emails", input);
        assertThat(ses.render("GET", "").path("messages")).hasSize(1);
    }

    private ObjectNode call(AwsProtocol protocol, String operation, ObjectNode input) {
        return ses.handle(
                new AwsRequest(
                        protocol,
                        operation,
                        input,
                        new RequestContext(
                                UUID.randomUUID(),
                                "us-east-1",
                                "000000000000",
                                URI.create("http://localhost"))));
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text.replace('\'', '"'));
    }
}
