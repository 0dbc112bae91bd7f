package dev.orderflow.notification;

import static dev.orderflow.notification.NotificationStubServer.attributes;
import static dev.orderflow.notification.NotificationStubServer.emailsAbout;
import static dev.orderflow.notification.NotificationStubServer.mentions;
import static dev.orderflow.notification.NotificationStubServer.publishedAbout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.defaults.fixture.RoundTripRecorder;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.notification.channel.NotificationChannel;
import dev.orderflow.notification.channel.NotificationLog;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.MDC;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Notifications that are sent once, through duplicates, concurrent deliveries and crashes.
class NotificationDeliveryTest extends NotificationServiceFixture {

    @Autowired private RoundTripRecorder roundTrips;
    @Autowired private PlatformTransactionManager transactionManager;

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

    @ParameterizedTest
    @EnumSource
    void aClaimIsOneStatementAndARepetitionLooksItUp(NotificationChannel channel) {
        assertThat(statementsOfClaim(channel)).containsExactly("INSERT", RoundTripRecorder.COMMIT);
        assertThat(statementsOfClaim(channel))
                .containsExactly("INSERT", "SELECT", RoundTripRecorder.COMMIT);
    }

    private List<String> statementsOfClaim(NotificationChannel channel) {
        var trace = RoundTripRecorder.startTrace();
        try (var _ = MDC.putCloseable("traceId", trace)) {
            notificationLog.claim(events.shipped(), channel);
        }
        return roundTrips.findByTrace(trace).stream()
                .map(sql -> sql.strip().split("\\s")[0])
                .toList();
    }

    @Test
    void aClaimExpiresNoClaimOfAnotherOrder() {
        var other = new OrderEventSamples(UUID.randomUUID());
        abandon(other.shipped(), NotificationChannel.EMAIL);
        abandon(other.shipped(), NotificationChannel.TOPIC);
        unseenByTheScheduler(
                () -> {
                    expire();
                    for (var channel : NotificationChannel.values()) {
                        assertThat(notificationLog.claim(events.shipped(), channel))
                                .isInstanceOf(NotificationLog.ClaimResult.ClaimGranted.class);
                    }
                    assertThat(state(other.shipped())).isEqualTo("EMAIL CLAIMED, TOPIC CLAIMED");
                });
    }

    @Test
    void abandonedClaimsOfOtherOrdersExpireWithoutADelivery() {
        abandon(events.shipped(), NotificationChannel.EMAIL);
        abandon(events.shipped(), NotificationChannel.TOPIC);
        expire();
        eventually().until(() -> state(events.shipped()).equals("EMAIL UNKNOWN"));

        deliver(events.shipped());
        deliver(events.shipped());
        eventually().until(() -> SqsFixture.depth(QUEUE) == 0);
        assertThat(state(events.shipped())).isEqualTo("EMAIL UNKNOWN, TOPIC SENT");
        assertThat(publishedAbout(order)).hasSize(1);
        assertThat(emailsAbout(order)).isEmpty();
    }

    @Test
    void aRepeatedDeliveryExpiresTheClaimOfItsOwnNotification() {
        abandon(events.shipped(), NotificationChannel.EMAIL);
        abandon(events.shipped(), NotificationChannel.TOPIC);
        unseenByTheScheduler(
                () -> {
                    expire();
                    assertThat(notificationLog.claim(events.shipped(), NotificationChannel.EMAIL))
                            .isInstanceOf(NotificationLog.ClaimResult.AlreadyCompleted.class);
                    assertThat(notificationLog.claim(events.shipped(), NotificationChannel.TOPIC))
                            .isInstanceOf(NotificationLog.ClaimResult.ClaimGranted.class);
                    assertThat(state(events.shipped())).isEqualTo("EMAIL UNKNOWN, TOPIC CLAIMED");
                });
    }

    @Test
    void anExpiredClaimIsGrantedToOneOfManyDeliveries() throws Exception {
        abandon(events.shipped(), NotificationChannel.TOPIC);
        expire();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results =
                    threads.invokeAll(
                            IntStream.range(0, 16)
                                    .<Callable<Object>>mapToObj(
                                            _ ->
                                                    () ->
                                                            notificationLog.claim(
                                                                    events.shipped(),
                                                                    NotificationChannel.TOPIC))
                                    .toList());
            assertThat(results)
                    .extracting(Future::get)
                    .filteredOn(NotificationLog.ClaimResult.ClaimGranted.class::isInstance)
                    .hasSize(1);
        }
    }

    /// A late result of the abandoned claim must not touch the claim that replaced it.
    @Test
    void anExpiredClaimCannotReleaseTheOneThatReplacedIt() {
        var abandoned = abandon(events.shipped(), NotificationChannel.TOPIC);
        expire();
        assertThat(notificationLog.claim(events.shipped(), NotificationChannel.TOPIC))
                .isInstanceOf(NotificationLog.ClaimResult.ClaimGranted.class);
        notificationLog.releaseClaim(abandoned);
        assertThat(state(events.shipped())).isEqualTo("TOPIC CLAIMED");
    }

    private NotificationLog.ClaimResult.ClaimGranted abandon(
            OrderEvent event, NotificationChannel channel) {
        return (NotificationLog.ClaimResult.ClaimGranted) notificationLog.claim(event, channel);
    }

    private void unseenByTheScheduler(Runnable work) {
        new TransactionTemplate(transactionManager).executeWithoutResult(_ -> work.run());
    }

    private void expire() {
        jdbc.sql("UPDATE notification SET claimed_at = now() - interval '2 h'").update();
    }
}
