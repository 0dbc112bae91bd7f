package dev.orderflow.notification;

import static dev.orderflow.notification.NotificationStubServer.contactRequests;
import static dev.orderflow.notification.NotificationStubServer.emailsAbout;
import static dev.orderflow.notification.NotificationStubServer.publishedAbout;
import static dev.orderflow.notification.OrderEventSamples.envelope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.defaults.fixture.SqsFixture;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.system.CapturedOutput;

/// Contacts and events for which no e-mail is sent.
class NotificationRejectionTest extends NotificationServiceFixture {

    @Test
    void anAddressThatIsNotOnePlainAddressReceivesNoEmail(CapturedOutput output) {
        for (var address :
                List.of(
                        "ada@example.org,victim@example.org",
                        "ada@example.org\\r\\nBcc: victim@example.org",
                        "Victim <victim@example.org>",
                        "victim@example.org ada",
                        "victim",
                        "",
                        "v".repeat(65) + "@example.org",
                        "v@" + "e".repeat(300))) {
            var each = new OrderEventSamples(UUID.randomUUID());
            NotificationStubServer.CONTACTS.put(
                    each.orderId(), NotificationStubServer.contactOf(each.orderId(), address, "V"));
            deliver(each.shipped());
            eventually().until(() -> SqsFixture.depth(QUEUE + "-dlq") == 1);
            assertThat(reasons())
                    .singleElement(STRING)
                    .startsWith("contact: email must ")
                    .doesNotContain("victim");
            assertThat(emailsAbout(each.orderId())).isEmpty();
        }
        assertThat(output).doesNotContain("victim@");
    }

    @Test
    void aCustomerWhoseDataWasErasedReceivesNoEmail() {
        NotificationStubServer.CONTACTS.put(order, new StubResponse(410, "{}"));
        deliver(events.shipped());
        eventually().until(() -> SqsFixture.depth(QUEUE) == 0);
        assertThat(emailsAbout(order)).isEmpty();
        assertThat(SqsFixture.depth(QUEUE + "-dlq")).isZero();
    }

    @Test
    void anUnknownOrderIsDeadLettered() {
        NotificationStubServer.CONTACTS.put(order, new StubResponse(404, "{}"));
        deliver(events.shipped());
        eventually().until(() -> SqsFixture.depth(QUEUE + "-dlq") == 1);
        assertThat(reasons()).containsExactly("order-service does not know the order");
    }

    @Test
    void aContactOfAnotherOrderIsNotUsed(CapturedOutput output) {
        for (var nonsense :
                List.of(
                        NotificationStubServer.contactOf(
                                UUID.randomUUID(), "victim@example.org", "V"),
                        new StubResponse(200, "victim@example.org"),
                        new StubResponse(200, ""),
                        new StubResponse(401, "victim@example.org"))) {
            var each = new OrderEventSamples(UUID.randomUUID());
            NotificationStubServer.CONTACTS.put(each.orderId(), nonsense);
            deliver(each.shipped());
            eventually().until(() -> contactRequests(each.orderId()).size() > 1);
            assertThat(emailsAbout(each.orderId())).isEmpty();
            NotificationStubServer.CONTACTS.clear();
            eventually().until(() -> state(each.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        }
        assertThat(output).doesNotContain("victim@");
    }

    @Test
    void eventsWithoutNotificationAreDeadLettered() {
        var shipped = envelope(events.shipped());
        var hostile =
                Map.of(
                        "not json",
                        "malformed message",
                        "{}",
                        "malformed message",
                        "[".repeat(5_000),
                        "malformed message",
                        shipped.replace(
                                "\"OrderShipped\",\"source\"", "\"OrderMislaid\",\"source\""),
                        "unknown message type OrderMislaid",
                        shipped.replace("\"schemaVersion\":1", "\"schemaVersion\":2"),
                        "unknown version 2 of OrderShipped",
                        shipped.replace("49.90", "-49.90"),
                        "malformed message",
                        envelope(events.rejected(OrderRejected.OrderRejectionReason.OUT_OF_STOCK))
                                .replace("OUT_OF_STOCK", "OUT_OF_LUCK"),
                        "malformed message",
                        envelope(events.created()),
                        "no notification for OrderCreated",
                        shipped.replace("\"id\"", "\"replay-name\":\"again\",\"id\""),
                        "replayed events are not accepted by notification");
        hostile.keySet().forEach(body -> SqsFixture.send(QUEUE, body));
        var good = new OrderEventSamples(UUID.randomUUID());
        deliver(good.shipped());
        eventually().until(() -> state(good.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        eventually().until(() -> SqsFixture.depth(QUEUE + "-dlq") == hostile.size());
        var reasons = reasons();
        hostile.values().forEach(reason -> assertThat(reasons).anyMatch(r -> r.startsWith(reason)));
        assertThat(emailsAbout(order)).isEmpty();
        assertThat(publishedAbout(order)).isEmpty();
    }
}
