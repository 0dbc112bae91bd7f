package dev.orderflow.notification;

import static dev.orderflow.notification.NotificationStubServer.awsError;
import static dev.orderflow.notification.NotificationStubServer.contactRequests;
import static dev.orderflow.notification.NotificationStubServer.emailsAbout;
import static dev.orderflow.notification.NotificationStubServer.publishedAbout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.notification.contact.ContactClient;
import dev.orderflow.notification.contact.ContactClient.ContactResult.ContactUnavailable;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;

/// Outages of order-service, SNS and SES, and e-mails with unknown delivery status.
class NotificationDependencyOutageTest extends NotificationServiceFixture {

    @Autowired private ContactClient contacts;

    @Test
    void anOutageOfOrderServiceLeavesNoClaimAndTheEmailIsSentLater() {
        NotificationStubServer.CONTACTS.put(order, new StubResponse(503, "{}"));
        deliver(events.shipped());
        eventually().until(() -> contactRequests(order).size() > 3);
        assertThat(state(events.shipped())).isEqualTo("TOPIC SENT");
        NotificationStubServer.CONTACTS.put(order, NotificationStubServer.SILENT);
        int asked = contactRequests(order).size();
        eventually().until(() -> contactRequests(order).size() > asked + 2);
        NotificationStubServer.CONTACTS.clear();
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        assertThat(publishedAbout(order)).hasSize(1);
        assertThat(emailsAbout(order)).hasSize(1);
    }

    @Test
    void aContactThatIsUnavailableSaysWhyInWords() {
        NotificationStubServer.CONTACTS.put(order, NotificationStubServer.SILENT);
        assertThat(contacts.findContact(order))
                .isEqualTo(new ContactUnavailable("no complete response"));
        NotificationStubServer.CONTACTS.put(order, new StubResponse(503, "{}"));
        assertThat(contacts.findContact(order)).isEqualTo(new ContactUnavailable("answered 503"));
        NotificationStubServer.CONTACTS.put(order, new StubResponse(200, "<html>"));
        assertThat(contacts.findContact(order))
                .isEqualTo(new ContactUnavailable("unreadable answer with status 200"));
    }

    @Test
    void anOutageOfSnsDoesNotDelayTheEmail() {
        NotificationStubServer.ACTIONS.put("Publish", awsError(500, "InternalError"));
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).startsWith("EMAIL SENT"));
        NotificationStubServer.ACTIONS.clear();
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        assertThat(emailsAbout(order)).hasSize(1);
    }

    @Test
    void anEmailIsSentWhenSesIsReachableAgain(CapturedOutput output) {
        NotificationStubServer.SES.refuseConnections();
        deliver(events.shipped());
        eventually().until(() -> output.getOut().split("no request was sent to SES").length > 6);
        assertThat(state(events.shipped())).doesNotContain("EMAIL UNKNOWN", "EMAIL SENT");
        assertThat(output)
                .contains(
                        "polling paused, SES is unavailable",
                        "no request was sent to SES (connection refused)");
        NotificationStubServer.SES.recover();
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        eventually().until(() -> SqsFixture.depth(QUEUE) == 0);
        assertThat(emailsAbout(order)).hasSize(1);
        assertThat(publishedAbout(order)).hasSize(1);
        assertThat(SqsFixture.depth(QUEUE + "-dlq")).isZero();
    }

    @Test
    void anEmailThatSesDidNotAcceptIsRetried() {
        for (var refusal :
                List.of(
                        awsError(400, "Throttling"),
                        awsError(403, "AccessDenied"),
                        awsError(503, "ServiceUnavailable"))) {
            var each = new OrderEventSamples(UUID.randomUUID());
            NotificationStubServer.ACTIONS.put("SendEmail", refusal);
            deliver(each.shipped());
            eventually().until(() -> emailsAbout(each.orderId()).size() > 1);
            NotificationStubServer.ACTIONS.clear();
            eventually().until(() -> state(each.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        }
    }

    /// A mistake in the account or in our settings, which an operator corrects.
    @Test
    void anEmailWhoseSenderIsNotVerifiedWaitsUntilItIs(CapturedOutput output) {
        NotificationStubServer.ACTIONS.put(
                "SendEmail",
                awsError(
                        400,
                        "MessageRejected",
                        "Email address is not verified. The following identities failed the check in"
                                + " region US-EAST-1: Orderflow &lt;orders@orderflow.example&gt;"));
        deliver(events.shipped());
        eventually().until(() -> emailsAbout(order).size() > 2);
        assertThat(output)
                .contains("SES rejects e-mails because of an unverified sender")
                .contains("polling paused, SES is unavailable");
        NotificationStubServer.ACTIONS.clear();
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        assertThat(SqsFixture.depth(QUEUE + "-dlq")).isZero();
    }

    @Test
    void anEventWaitsWhileSnsRejectsTheArnOfTheTopic() {
        NotificationStubServer.ACTIONS.put(
                "Publish", awsError(400, "InvalidParameter", "Invalid parameter: TopicArn"));
        deliver(events.shipped());
        eventually().until(() -> publishedAbout(order).size() > 1);
        NotificationStubServer.ACTIONS.clear();
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        assertThat(SqsFixture.depth(QUEUE + "-dlq")).isZero();
    }

    @Test
    void anEmailWithUnknownStatusIsNotSentAgain() {
        for (var mystery :
                List.of(NotificationStubServer.SILENT, awsError(500, "InternalFailure"))) {
            var each = new OrderEventSamples(UUID.randomUUID());
            NotificationStubServer.ACTIONS.put("SendEmail", mystery);
            deliver(each.shipped());
            eventually().until(() -> state(each.shipped()).equals("EMAIL UNKNOWN, TOPIC SENT"));
            eventually().until(() -> SqsFixture.depth(QUEUE) == 0);
            NotificationStubServer.ACTIONS.clear();
            deliver(each.shipped());
            eventually().until(() -> SqsFixture.depth(QUEUE) == 0);
            assertThat(emailsAbout(each.orderId())).hasSize(1);
        }
    }

    @Test
    void anOperatorResolvesAnEmailWithUnknownStatus() throws Exception {
        NotificationStubServer.ACTIONS.put("SendEmail", NotificationStubServer.SILENT);
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).equals("EMAIL UNKNOWN, TOPIC SENT"));
        assertThat(meters.get("notifications.unknown").gauge().value()).isEqualTo(1);

        assertThat(resolve("ada", "SES delivered it").statusCode()).isEqualTo(200);
        assertThat(state(events.shipped())).isEqualTo("EMAIL SENT, TOPIC SENT");
        assertThat(meters.get("notifications.unknown").gauge().value()).isZero();
        assertThat(resolve("ada", "SES delivered it").body())
                .contains(
                        "\"resolvedBy\":\"ada\"",
                        "\"resolvedByName\":\"Ada\"",
                        "\"note\":\"SES delivered it\"");

        assertThat(resolve("bob", "written by hand").statusCode()).isEqualTo(409);
        for (var field : List.of("by", "operator", "resolvedBy")) {
            var forged =
                    post(
                            "/internal/notifications/" + order + "/resolution",
                            "{\"eventType\":\"OrderShipped\",\"note\":\"x\",\"%s\":\"eve\"}"
                                    .formatted(field));
            assertThat(forged.statusCode()).isEqualTo(400);
            assertThat(forged.body()).contains("`%s` is not a known field".formatted(field));
        }
        assertThat(
                        post(
                                        "/internal/notifications/%s/resolution"
                                                .formatted(UUID.randomUUID()),
                                        RESOLUTION.formatted("x"))
                                .statusCode())
                .isEqualTo(404);
    }

    private static final String RESOLUTION = "{\"eventType\":\"OrderShipped\",\"note\":\"%s\"}";

    private HttpResponse<String> resolve(String by, String note) throws Exception {
        return post(
                by, "/internal/notifications/" + order + "/resolution", RESOLUTION.formatted(note));
    }

    @Test
    void anEmailThatSesRejectsIsDeadLettered() {
        NotificationStubServer.ACTIONS.put("SendEmail", awsError(400, "MessageRejected"));
        deliver(events.shipped());
        eventually().until(() -> SqsFixture.depth(QUEUE + "-dlq") == 1);
        assertThat(reasons()).containsExactly("EMAIL notification was refused");
        // No claim is left, so a redrive sends it.
        assertThat(state(events.shipped())).isEqualTo("TOPIC SENT");
        NotificationStubServer.ACTIONS.clear();
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
    }
}
