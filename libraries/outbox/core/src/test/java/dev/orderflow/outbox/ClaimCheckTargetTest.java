package dev.orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.outbox.OutboxTarget.EntryResult;
import dev.orderflow.outbox.OutboxTarget.PublishResult;
import dev.orderflow.outbox.PayloadStore.StoreResult;
import dev.orderflow.outbox.PayloadStore.StoredPayload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ClaimCheckTargetTest {

    private static final int LIMIT = 100;

    private final List<String> actions = new ArrayList<>();
    private final RecordingTarget target = new RecordingTarget();
    private StoreResult storeResult =
            new StoreResult.PayloadStored(
                    new StoredPayload("bucket", "events/\"k\"", 7, "0".repeat(64)));
    private final ClaimCheckTarget claimChecking =
            new ClaimCheckTarget(
                    target,
                    event -> {
                        actions.add("store " + event);
                        return storeResult;
                    },
                    ClaimCheckFormat.json(),
                    LIMIT);

    @Test
    void anEventWithinTheLimitIsPublishedAsItIs() {
        var small = event(LIMIT);
        assertThat(claimChecking.publish(List.of(small)))
                .isEqualTo(results(new EntryResult.EntryAccepted()));
        assertThat(target.calls).containsExactly(List.of(small));
        assertThat(actions).isEmpty();
    }

    @Test
    void anEventThatIsTooLargeForTheTargetIsStoredAlthoughItsPayloadIsWithinTheLimit() {
        target.weight = event -> target.maxBytes() - 10 + event.payload().size();
        claimChecking.publish(List.of(event(10), event(11)));
        assertThat(actions).hasSize(1);
    }

    @Test
    void theLimitCountsBytesAndNotCharacters() {
        assertThat(event(LIMIT).payload().size()).isEqualTo(LIMIT);
        var umlauts = EventPayload.json("\"" + "ü".repeat(LIMIT - 2) + "\"");
        claimChecking.publish(List.of(OutboxEvent.of("OrderCreated", "o-1", umlauts)));
        assertThat(actions).hasSize(1);
    }

    @Test
    void theLargePayloadIsStoredBeforeItsClaimCheckIsPublished() {
        target.publishResult =
                events -> {
                    actions.add("publish");
                    return target.applyEntryResult(events);
                };
        var large = event(LIMIT + 1);
        assertThat(claimChecking.publish(List.of(large)))
                .isEqualTo(results(new EntryResult.EntryAccepted()));
        assertThat(actions).containsExactly("store " + large.id(), "publish");
        var sent = target.calls.getFirst().getFirst();
        assertThat(sent).isEqualTo(large.withPayload(sent.payload()));
        var check = JsonMapper.shared().readTree(sent.payload().text());
        assertThat(check.path("eventId").asString()).isEqualTo(large.id());
        assertThat(check.at("/claimCheck/bucket").asString()).isEqualTo("bucket");
        assertThat(check.at("/claimCheck/key").asString()).isEqualTo("events/\"k\"");
        assertThat(check.at("/claimCheck/bytes").asInt()).isEqualTo(7);
        assertThat(check.at("/claimCheck/sha256").asString()).isEqualTo("0".repeat(64));
    }

    @Test
    void aRepeatPublishesTheSameClaimCheckAgain() {
        var large = event(LIMIT + 1);
        claimChecking.publish(List.of(large));
        target.publishResult = _ -> new PublishResult.TargetUnavailable("response lost");
        assertThat(claimChecking.publish(List.of(large)))
                .isInstanceOf(PublishResult.TargetUnavailable.class);
        assertThat(target.calls).hasSize(2);
        assertThat(target.calls.getFirst()).isEqualTo(target.calls.getLast());
    }

    @Test
    void anEventWhosePayloadCannotBeStoredIsWithheldAndTheOthersArePublished() {
        storeResult = new StoreResult.StoreUnavailable("S3 answers 503");
        var rejected = event(2);
        target.entryResult =
                event ->
                        event.equals(rejected)
                                ? new EntryResult.EntryRejected("no")
                                : new EntryResult.EntryAccepted();
        assertThat(
                        claimChecking.publish(
                                List.of(event(10), event(LIMIT + 1), rejected, event(LIMIT + 1))))
                .isEqualTo(
                        results(
                                new EntryResult.EntryAccepted(),
                                new EntryResult.EntryWithheld("S3 answers 503"),
                                new EntryResult.EntryRejected("no"),
                                new EntryResult.EntryWithheld("S3 answers 503")));
        assertThat(target.calls.getFirst()).hasSize(2);
    }

    @Test
    void whenNoPayloadCanBeStoredTheTargetIsNotCalled() {
        storeResult = new StoreResult.StoreUnavailable("S3 answers 503");
        assertThat(claimChecking.publish(List.of(event(LIMIT + 1))))
                .isEqualTo(results(new EntryResult.EntryWithheld("S3 answers 503")));
        assertThat(target.calls).isEmpty();
    }

    @Test
    void aRejectedCallConcernsOnlyTheEventThatWasInIt() {
        storeResult = new StoreResult.StoreUnavailable("S3 answers 503");
        target.publishResult =
                _ -> new PublishResult.CallRejected(new EntryResult.EntryRejected("no"));
        assertThat(claimChecking.publish(List.of(event(LIMIT + 1), event(1))))
                .isEqualTo(
                        results(
                                new EntryResult.EntryWithheld("S3 answers 503"),
                                new EntryResult.EntryRejected("no")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void aTargetThatDoesNotDecideAboutEachEventDecidesAboutNone(int results) {
        target.publishResult =
                _ ->
                        new PublishResult.EntryResults(
                                Collections.nCopies(results, new EntryResult.EntryAccepted()));
        assertThatThrownBy(() -> claimChecking.publish(List.of(event(1), event(2))))
                .hasMessage("the target returned %d results, not 2".formatted(results));
    }

    @Test
    void anEventThatTheFormatDoesNotSupportIsPublishedAsItIs() {
        var unsupported =
                new ClaimCheckTarget(
                        target,
                        _ -> {
                            throw new AssertionError("must not be stored");
                        },
                        new ClaimCheckFormat() {
                            @Override
                            public boolean supports(OutboxEvent event) {
                                return false;
                            }

                            @Override
                            public EventPayload write(OutboxEvent event, StoredPayload stored) {
                                throw new AssertionError("must not be written");
                            }
                        },
                        LIMIT);
        var large = event(LIMIT + 1);
        unsupported.publish(List.of(large));
        assertThat(target.calls).containsExactly(List.of(large));
    }

    private static PublishResult results(EntryResult... results) {
        return new PublishResult.EntryResults(List.of(results));
    }

    private static OutboxEvent event(int bytes) {
        return OutboxEvent.of("OrderCreated", "o-1", EventPayload.json("1".repeat(bytes)));
    }
}
