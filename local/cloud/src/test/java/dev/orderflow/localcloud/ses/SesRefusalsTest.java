package dev.orderflow.localcloud.ses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsProtocol;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestContext;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SesRefusalsTest {

    private static final String SIMPLE =
            "'Simple':{'Subject':{'Data':'s'},'Body':{'Text':{'Data':'t'}}}";

    private final Ses ses = new Ses(new CloudClock(1));

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
