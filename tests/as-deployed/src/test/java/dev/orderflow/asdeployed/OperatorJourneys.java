package dev.orderflow.asdeployed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.ReplayState;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.Topic;
import tools.jackson.databind.JsonNode;

/// What operators do besides redrives, with their own permissions.
abstract class OperatorJourneys extends AuthorizationJourneys {

    @Test
    void anOperatorSignsInAndOpensThePageOfTheWorkflow() {
        var pages = DeployedPages.signIn(system, "an-operator", "viewer");
        assertThat(pages.read("/workflow")).contains(">ReserveInventory</text>");
    }

    /// The steps of the runbook that rebuilds the projections, with the operators' permissions.
    @Test
    void anOperatorReplaysTheArchiveAndTheProjectionsAreWhatTheyWere() {
        var order = api.order(api.article("12.50", 2), 2, Api.VISA);
        api.awaitState(order, "SHIPPED");
        api.awaitTrue("its events are counted", () -> facts(order).size() == 3);
        awaitEmpty("analytics");
        var figures = figures();
        awaitShippedMail(order);
        var mails = subjects(order);
        api.internal(
                "POST",
                "analytics-service",
                "/internal/projections/reset",
                "{\"reason\":\"a test\"}");
        assertThat(facts(order)).isEmpty();
        try (var operator = operator(EventBridgeClient.builder())) {
            var archive =
                    operator.describeArchive(it -> it.archiveName(TOPOLOGY.archive().name()))
                            .archiveArn();
            var bus = operator.describeEventBus(it -> it.name(TOPOLOGY.bus())).arn();
            operator.startReplay(
                    it ->
                            it.replayName("rebuild-1")
                                    .eventSourceArn(archive)
                                    .destination(to -> to.arn(bus))
                                    .eventStartTime(Instant.now().minus(Duration.ofDays(1)))
                                    .eventEndTime(Instant.now()));
            api.awaitTrue(
                    "the replay is complete",
                    () ->
                            operator.describeReplay(it -> it.replayName("rebuild-1")).state()
                                    == ReplayState.COMPLETED);
            assertThatThrownBy(
                            () ->
                                    operator.startReplay(
                                            it ->
                                                    it.replayName("of-another")
                                                            .eventSourceArn(archive + "-of-another")
                                                            .destination(to -> to.arn(bus))
                                                            .eventStartTime(Instant.EPOCH)
                                                            .eventEndTime(Instant.now())))
                    .hasMessageContaining(OTHER_ARCHIVE);
        }
        api.awaitTrue("the figures are what they were", () -> figures().equals(figures));
        assertThat(facts(order)).hasSize(3);
        awaitEmpty("notifications");
        assertThat(subjects(order)).as("no e-mail is sent again").isEqualTo(mails);
    }

    private static JsonNode facts(String order) {
        return api.internal("analytics-service", "/internal/facts/" + order).path("facts");
    }

    private static List<JsonNode> figures() {
        var summary = api.internal("analytics-service", "/internal/summary");
        return List.of(summary.path("orders"), summary.path("revenue"));
    }

    /// The confirmation e-mail may be omitted if the shipment e-mail was sent first.
    private static void awaitShippedMail(String order) {
        api.awaitTrue(
                "its customer is notified of the shipment",
                () -> subjects(order).contains("Your order is on its way"));
        awaitEmpty("notifications");
    }

    /// The subjects of the e-mails that contain an order id.
    private static List<String> subjects(String order) {
        return api.send("GET", system.cloud().endpoint(), "/_aws/ses", Map.of(), "")
                .path("messages")
                .valueStream()
                .filter(mail -> mail.path("Body").toString().contains(order))
                .map(mail -> mail.path("Subject").asString())
                .toList();
    }

    /// local-cloud returns AWS's error for a sender that is not verified, and notification-service
    /// treats it as a configuration error of the account, so that no e-mail is lost.
    @Test
    void anEmailWhoseSenderIsNotVerifiedWaitsUntilItIs() {
        try (var ses = administrator(SesV2Client.builder())) {
            awaitEmpty("notifications");
            var deadLetters = depth("notifications-dlq");
            String order;
            ses.deleteEmailIdentity(it -> it.emailIdentity(mailDomain()));
            try {
                order = api.order(api.article("12.50", 1), 1, Api.VISA);
                api.awaitState(order, "SHIPPED");
                api.awaitTrue("its e-mails wait", () -> depth("notifications") > 0);
                assertThat(subjects(order)).isEmpty();
            } finally {
                ses.createEmailIdentity(it -> it.emailIdentity(mailDomain()));
            }
            awaitShippedMail(order);
            assertThat(subjects(order)).doesNotHaveDuplicates();
            assertThat(depth("notifications-dlq")).isEqualTo(deadLetters);
        }
    }

    private static String mailDomain() {
        return Objects.requireNonNull(
                        system.task("notification-service")
                                .environment()
                                .get("ORDERFLOW_NOTIFICATION_FROM"))
                .replaceAll(".*@|>", "");
    }

    /// The other queries of the runbooks, as far as local-cloud supports them.
    @Test
    void anOperatorSeesWhatTheRunbooksLookAt() {
        // The key is for machines; an operator signs in.
        assertThatThrownBy(() -> system.internalApiKeyFor(OPERATOR))
                .hasMessageContaining(READING_THE_KEY);
        try (var mail = operator(SesV2Client.builder());
                var topics = operator(SnsClient.builder());
                var cloudWatch = operator(CloudWatchClient.builder())) {
            var topic =
                    topics.listTopics().topics().stream()
                            .map(Topic::topicArn)
                            .filter(arn -> arn.endsWith("order-notifications"))
                            .findFirst()
                            .orElseThrow();
            mail.getEmailIdentity(it -> it.emailIdentity(mailDomain()));
            topics.listSubscriptionsByTopic(it -> it.topicArn(topic));
            cloudWatch.describeAlarms(it -> it.stateValue(StateValue.ALARM));
        }
        assertThat(
                        api.internal("operations-console", "/internal/operations/alarms?all=true")
                                .path("alarms"))
                .isNotEmpty();
    }
}
