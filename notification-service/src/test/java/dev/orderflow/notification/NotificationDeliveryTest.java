package dev.orderflow.notification;

import static dev.orderflow.notification.NotificationStubServer.attributes;
import static dev.orderflow.notification.NotificationStubServer.emailsAbout;
import static dev.orderflow.notification.NotificationStubServer.mentions;
import static dev.orderflow.notification.NotificationStubServer.publishedAbout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.notification.channel.NotificationChannel;
import dev.orderflow.notification.channel.NotificationLog;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.system.CapturedOutput;

/// Notifications that are sent once, through duplicates, concurrent deliveries and crashes.
class NotificationDeliveryTest extends NotificationServiceFixture {

    @Test
    void aShipmentIsPublishedAndMailed(CapturedOutput output) {
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        eventually().until(() -> SqsFixture.depth(QUEUE) == 0);

        assertThat(publishedAbout(order)).hasSize(1);
        var published = publishedAbout(order).getFirst();
        assertThat(attributes(published))
                .containsOnly(
                        Map.entry("eventType", "OrderShipped"),
                        Map.entry("eventId", order + "/OrderShipped"),
                        Map.entry("orderId", order.toString()),
                        Map.entry("customerRef", "cust-1842"));
        assertThat(published.form().get("TopicArn"))
                .isEqualTo("arn:aws:sns:us-east-1:000000000000:order-notifications");
        assertThat(mentions(published, "Zoë") || mentions(published, "ada@example.org")).isFalse();

        assertThat(emailsAbout(order)).hasSize(1);
        assertThat(emailsAbout(order).getFirst().form())
                .containsEntry("Source", "Orderflow <orders@orderflow.example>")
                .containsEntry("Destination.ToAddresses.member.1", "ada@example.org")
                .doesNotContainKey("Destination.ToAddresses.member.2")
                .containsEntry("Message.Subject.Data", "Your order is on its way")
                .containsEntry("Message.Body.Text.Charset", "UTF-8")
                .hasEntrySatisfying(
                        "Message.Body.Text.Data",
                        text -> assertThat(text).contains("Zoë Lovelace", "2 x MUG-BLUE"));

        assertThat(storedRows()).doesNotContain("Zoë", "Lovelace", "ada@");
        assertThat(output).doesNotContain("Zoë", "Lovelace", "ada@");
    }

    @Test
    void theRejectionReasonIsAMessageAttribute() {
        deliver(events.rejected(OrderRejected.OrderRejectionReason.OUT_OF_STOCK));
        eventually().until(() -> !publishedAbout(order).isEmpty());
        assertThat(attributes(publishedAbout(order).getFirst()))
                .containsEntry("reason", "OUT_OF_STOCK");
        var other = new OrderEventSamples(UUID.randomUUID());
        deliver(other.cancelled());
        eventually().until(() -> !publishedAbout(other.orderId()).isEmpty());
        assertThat(attributes(publishedAbout(other.orderId()).getFirst()))
                .containsEntry("reason", "CUSTOMER_REQUEST");
    }

    @Test
    void aRepeatedEventIsSentOnce() {
        for (int i = 0; i < 5; i++) {
            deliver(events.confirmed());
        }
        eventually().until(() -> SqsFixture.depth(QUEUE) == 0);
        assertThat(state(events.confirmed())).isEqualTo("EMAIL SENT, TOPIC SENT");
        assertThat(emailsAbout(order)).hasSize(1);
        assertThat(publishedAbout(order)).hasSize(1);
    }

    @Test
    void concurrentDeliveriesOfOneEventSendItOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running =
                    threads.invokeAll(
                            IntStream.range(0, 16)
                                    .<Callable<Object>>mapToObj(
                                            _ -> () -> notifications.send(events.confirmed()))
                                    .toList());
            for (var one : running) {
                one.get();
            }
        }
        assertThat(emailsAbout(order)).hasSize(1);
        assertThat(publishedAbout(order)).hasSize(1);
    }

    @Test
    void everyEventOfAnOrderIsSent() {
        deliver(events.confirmed());
        eventually().until(() -> state(events.confirmed()).equals("EMAIL SENT, TOPIC SENT"));
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        assertThat(emailsAbout(order)).hasSize(2);
    }

    @Test
    void aConfirmationAfterTheShipmentIsSuperseded() {
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        deliver(events.confirmed());
        eventually().until(() -> state(events.confirmed()).equals("EMAIL SUPERSEDED, TOPIC SENT"));
        assertThat(emailsAbout(order)).hasSize(1);
        assertThat(publishedAbout(order)).hasSize(2);
    }

    @Test
    void anEmailInterruptedByACrashIsUnknownAndNeverRepeated() throws Exception {
        assertThat(notificationLog.claim(events.shipped(), NotificationChannel.EMAIL))
                .isInstanceOf(NotificationLog.ClaimResult.ClaimGranted.class);
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).equals("EMAIL CLAIMED, TOPIC SENT"));

        expire();
        eventually().until(() -> state(events.shipped()).equals("EMAIL UNKNOWN, TOPIC SENT"));
        eventually().until(() -> SqsFixture.depth(QUEUE) == 0);
        assertThat(emailsAbout(order)).isEmpty();
        assertThat(SqsFixture.depth(QUEUE + "-dlq")).isZero();
        assertThat(meters.get("notifications.unknown").gauge().value()).isEqualTo(1);
        assertThat(get("/internal/notifications?state=UNKNOWN", KEY).body())
                .contains(order.toString(), "\"channel\":\"EMAIL\"", "\"state\":\"UNKNOWN\"");
    }

    @Test
    void aMessageInterruptedByACrashIsPublishedAgain() {
        notificationLog.claim(events.shipped(), NotificationChannel.TOPIC);
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC CLAIMED"));
        expire();
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        assertThat(publishedAbout(order)).hasSize(1);
        assertThat(emailsAbout(order)).hasSize(1);
    }

    @Test
    void anEmailSentAfterItsClaimExpiredIsMarkedSent() {
        var claim =
                (NotificationLog.ClaimResult.ClaimGranted)
                        notificationLog.claim(events.shipped(), NotificationChannel.EMAIL);
        expire();
        notificationLog.expireClaims();
        notificationLog.markSent(claim);
        assertThat(state(events.shipped())).isEqualTo("EMAIL SENT");
    }

    private void expire() {
        jdbc.sql("UPDATE notification SET claimed_at = now() - interval '2 h'").update();
    }
}
