package dev.orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.outbox.OutboxTarget.EntryResult;
import dev.orderflow.outbox.OutboxTarget.PublishResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/// A target that is unavailable, fails, blocks or withholds events, or does not exist: no event is
/// parked.
@ExtendWith(OutputCaptureExtension.class)
class OutboxRelayTargetTest {

    private final OutboxFixture outboxes = new OutboxFixture();
    private final RecordingTarget target = new RecordingTarget();

    @AfterEach
    void close() throws InterruptedException {
        outboxes.close();
    }

    @Test
    void anUnavailableTargetParksNoEventAndCountsAsNoAttempt() {
        var isAway = new AtomicBoolean(true);
        target.publishResult =
                events ->
                        isAway.get()
                                ? new PublishResult.TargetUnavailable("unavailable")
                                : target.applyEntryResult(events);
        var events = new ArrayList<String>();
        for (int i = 0; i < 30; i++) {
            events.add(outboxes.store(UUID.randomUUID(), "OrderCreated"));
        }
        outboxes.start(target);
        // More failures than an event may have rejections.
        await().until(() -> target.calls.size() > 5);
        isAway.set(false);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.accepted()).containsExactlyInAnyOrderElementsOf(events);
        assertThat(outboxes.rows("outbox_parked")).isZero();
    }

    @Test
    void eventsThatTheTargetFailsToAcceptForAnyTimeAreNotParkedAndArePublishedInSequence() {
        target.entryResult = _ -> new EntryResult.EntryFailed("InternalFailure");
        var order = UUID.randomUUID();
        var events = List.of(outboxes.store(order, "First"), outboxes.store(order, "Second"));
        var others =
                IntStream.range(0, 30)
                        .mapToObj(_ -> outboxes.store(UUID.randomUUID(), "OrderCreated"))
                        .toList();
        // Many more attempts than park a rejected event.
        outboxes.start(target, OutboxFixture.settings(it -> it.maxAttempts = 2));
        await().until(() -> target.timesSent(events.getFirst()) >= 12);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        assertThat(target.sent).doesNotContain(events.get(1));
        target.entryResult = _ -> new EntryResult.EntryAccepted();
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.acceptedTypes(order)).containsExactly("First", "Second");
        assertThat(target.accepted()).containsAll(others);
        await().until(() -> outboxes.rows("outbox_retry") == 0);
    }

    @Test
    void anEventThatTheTargetNeverAcceptsDelaysItsOwnKeyAlone() {
        var sick = UUID.randomUUID();
        var stuck = outboxes.store(sick, "OrderCreated");
        target.entryResult =
                event ->
                        event.id().startsWith(sick.toString())
                                ? new EntryResult.EntryFailed("InternalFailure")
                                : new EntryResult.EntryAccepted();
        outboxes.start(target, OutboxFixture.settings(it -> it.maxAttempts = 1));
        await().until(() -> target.timesSent(stuck) >= 3);
        for (int i = 0; i < 5; i++) {
            var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
            await().until(() -> target.accepted().contains(event));
        }
        await().until(() -> outboxes.rows("outbox") == 1);
        assertThat(outboxes.rows("outbox_parked")).isZero();
    }

    @Test
    void aWithheldEventIsNotParkedAndDelaysItsOwnKeyAlone() {
        var large = UUID.randomUUID();
        target.entryResult =
                event ->
                        event.id().startsWith(large.toString())
                                ? new EntryResult.EntryWithheld("S3 is away")
                                : new EntryResult.EntryAccepted();
        outboxes.start(target, OutboxFixture.settings(it -> it.maxAttempts = 2));
        var withheld = outboxes.store(large, "OrderCreated");
        var next = outboxes.store(large, "OrderCancellationRequested");
        var other = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(
                        () ->
                                target.timesSent(withheld) >= 4
                                        && target.accepted().equals(List.of(other)));
        assertThat(outboxes.rows("outbox_parked")).isZero();
        target.entryResult = _ -> new EntryResult.EntryAccepted();
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.accepted()).containsExactly(other, withheld, next);
        await().until(() -> outboxes.rows("outbox_retry") == 0);
    }

    @Test
    void blockedEntriesAreNotParkedAndAreCountedUntilTheyAreAccepted() {
        target.entryResult =
                event ->
                        event.type().equals("Forbidden")
                                ? new EntryResult.EntryBlocked(
                                        "NotAuthorizedForDetailTypeException")
                                : new EntryResult.EntryAccepted();
        var order = UUID.randomUUID();
        var forbidden = outboxes.store(order, "Forbidden");
        var other = outboxes.store(UUID.randomUUID(), "OrderCreated");
        outboxes.start(target, OutboxFixture.settings(it -> it.maxAttempts = 1));
        await().until(() -> target.timesSent(forbidden) >= 4 && target.accepted().contains(other));
        await().until(() -> outboxes.blockedEvents() == 1);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        target.entryResult = _ -> new EntryResult.EntryAccepted();
        await().until(() -> target.accepted().contains(forbidden));
        await().until(() -> outboxes.blockedEvents() == 0);
    }

    @Test
    void theEventsOfABlockedCallAreNotParkedAndAreCountedUntilTheyAreAccepted() {
        target.publishResult = _ -> new PublishResult.CallBlocked("AccessDeniedException");
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        outboxes.start(target, OutboxFixture.settings(it -> it.maxAttempts = 1));
        await().until(() -> target.timesSent(event) >= 4);
        await().until(() -> outboxes.blockedEvents() == 1);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        target.publishResult = target::applyEntryResult;
        await().until(() -> target.accepted().contains(event) && outboxes.blockedEvents() == 0);
    }

    @Test
    void whileTheTargetDoesNotExistNothingIsPublished() {
        target.state = new OutboxTarget.TargetState.TargetMissing();
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        var relay = outboxes.start(target).relay();
        await().until(() -> relay.targetState() instanceof OutboxTarget.TargetState.TargetMissing);
        // A check that fails does not change that.
        target.state = new OutboxTarget.TargetState.TargetUnknown("ServiceUnavailable");
        int looked = target.stateChecks.get();
        await().until(() -> target.stateChecks.get() >= looked + 3);
        assertThat(target.calls).isEmpty();
        assertThat(outboxes.rows("outbox")).isOne();
        target.state = new OutboxTarget.TargetState.TargetExists();
        await().until(() -> target.accepted().contains(event));
    }

    @Test
    void aTargetThatIsDeletedWhileItIsInUseIsNoticed() {
        var relay = outboxes.start(target).relay();
        var before = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> target.accepted().contains(before));
        target.state = new OutboxTarget.TargetState.TargetMissing();
        await().until(() -> relay.targetState() instanceof OutboxTarget.TargetState.TargetMissing);
        var after = outboxes.store(UUID.randomUUID(), "OrderCreated");
        int looked = target.stateChecks.get();
        await().until(() -> target.stateChecks.get() >= looked + 3);
        assertThat(target.sent).doesNotContain(after);
        target.state = new OutboxTarget.TargetState.TargetExists();
        await().until(() -> target.accepted().contains(after));
    }

    @Test
    void afterAFailedCallTheTargetIsCheckedBeforeTheNextCall() {
        // The target was deleted during an outage.
        target.publishResult =
                _ -> {
                    target.state = new OutboxTarget.TargetState.TargetMissing();
                    return new PublishResult.TargetUnavailable("unavailable");
                };
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        var relay =
                outboxes.start(
                                target,
                                OutboxFixture.settings(
                                        it -> it.targetCheckInterval = Duration.ofMinutes(5)))
                        .relay();
        await().until(() -> relay.targetState() instanceof OutboxTarget.TargetState.TargetMissing);
        assertThat(target.timesSent(event)).isOne();
        assertThat(outboxes.rows("outbox")).isOne();
    }

    @Test
    void aRelayThatCannotCheckTheTargetPublishes() {
        target.state = new OutboxTarget.TargetState.TargetUnknown("AccessDeniedException");
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        outboxes.start(target);
        await().until(() -> target.accepted().contains(event));
    }

    @Test
    void aTargetThatThrowsIsNamedInWordsAndLosesNoEvent(CapturedOutput output) {
        var isThrowing = new AtomicBoolean(true);
        target.publishResult =
                events -> {
                    if (isThrowing.get()) {
                        throw new IllegalStateException("the address of Ada");
                    }
                    return target.applyEntryResult(events);
                };
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        outboxes.start(target);
        await().until(() -> output.getOut().contains("publishing to target events failed"));
        assertThat(output)
                .contains("publishing to target events failed (illegal state); retrying")
                .contains("call of target events failed unexpectedly: illegal state at ")
                .contains("OutboxRelayTargetTest.java:")
                .doesNotContain("IllegalState", "Ada");
        isThrowing.set(false);
        await().until(() -> target.accepted().contains(event));
    }

    /// The ways in which a faulty target handles a call with a certain event.
    static Stream<Arguments> faultyTargets() {
        return Stream.of(
                Arguments.of(
                        "illegal state",
                        (UnaryOperator<PublishResult>)
                                _ -> {
                                    throw new IllegalStateException("the address of Ada");
                                }),
                Arguments.of(
                        "stack overflow",
                        (UnaryOperator<PublishResult>)
                                _ -> {
                                    throw new StackOverflowError("the address of Ada");
                                }),
                Arguments.of(
                        "the target returned no result", (UnaryOperator<PublishResult>) _ -> null),
                Arguments.of(
                        "the target returned 0 results, not 1",
                        (UnaryOperator<PublishResult>)
                                _ -> new PublishResult.EntryResults(List.of())),
                Arguments.of(
                        "the target returned 11 results, not 1",
                        (UnaryOperator<PublishResult>)
                                _ ->
                                        new PublishResult.EntryResults(
                                                Collections.nCopies(
                                                        11, new EntryResult.EntryAccepted()))));
    }

    @ParameterizedTest
    @MethodSource("faultyTargets")
    void anEventThatATargetCannotHandleIsReportedAsBlockedAndDelaysNoOther(
            String reason, UnaryOperator<PublishResult> fault) {
        var poison = outboxes.store(UUID.randomUUID(), "OrderCreated");
        var faulty = new AtomicBoolean(true);
        target.publishResult =
                events ->
                        faulty.get() && events.stream().anyMatch(it -> it.id().equals(poison))
                                ? fault.apply(target.applyEntryResult(List.of()))
                                : target.applyEntryResult(events);
        var others = storeForOtherKeys(12);
        outboxes.start(target);
        await().until(() -> outboxes.rows("outbox") == 1);
        assertThat(target.accepted()).containsExactlyInAnyOrderElementsOf(others);
        await().until(() -> outboxes.blockedReasons().equals(List.of(reason)));
        var late = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> target.accepted().contains(late));
        faulty.set(false);
        await().until(() -> target.accepted().contains(poison));
        await().until(() -> outboxes.rows("outbox") == 0);
    }

    @Test
    void anEventThatCannotBeWeighedIsPublishedAlone() {
        var heavy = outboxes.store(UUID.randomUUID(), "OrderCreated");
        var others = storeForOtherKeys(3);
        target.weight =
                event -> {
                    if (event.id().equals(heavy)) {
                        throw new IllegalStateException("the address of Ada");
                    }
                    return event.payload().size();
                };
        outboxes.start(target);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.accepted()).contains(heavy).containsAll(others);
        assertThat(target.calls)
                .filteredOn(call -> call.stream().anyMatch(event -> event.id().equals(heavy)))
                .allSatisfy(call -> assertThat(call).hasSize(1));
    }

    @Test
    void anObserverThatThrowsIsNamedInWordsAndDelaysNoEvent(CapturedOutput output) {
        outboxes.afterObserved =
                () -> {
                    throw new IllegalStateException("the address of Ada");
                };
        target.entryResult =
                event ->
                        target.timesSent(event.id()) == 1
                                ? new EntryResult.EntryFailed("InternalFailure")
                                : new EntryResult.EntryAccepted();
        var events = storeForOtherKeys(12);
        outboxes.start(target);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.accepted()).containsExactlyInAnyOrderElementsOf(events);
        assertThat(output)
                .contains("an observer of the relay failed: illegal state at ")
                .doesNotContain("IllegalState", "Ada", "failed unexpectedly");
    }

    @Test
    void anErrorOfTheTargetOrAnObserverDoesNotEndTheRelay() {
        outboxes.afterObserved =
                () -> {
                    throw new StackOverflowError();
                };
        target.weight =
                _ -> {
                    throw new NoClassDefFoundError();
                };
        target.maxEvents = failEach(3);
        var relay = outboxes.start(target).relay();
        var events = storeForOtherKeys(3);
        await().until(() -> target.accepted().containsAll(events));
        assertThat(relay.isRunning()).isTrue();
    }

    @Test
    void anErrorOfTheTargetWhileACallIsPreparedLosesNoEvent() {
        var events = storeForOtherKeys(12);
        target.maxEvents = failEach(3);
        var relay = outboxes.start(target).relay();
        await().until(() -> target.accepted().containsAll(events));
        assertThat(relay.isRunning()).isTrue();
    }

    /// The most events in a call, where every n-th request for it fails.
    private static IntSupplier failEach(int nth) {
        var requests = new AtomicInteger();
        return () -> {
            if (requests.incrementAndGet() % nth == 0) {
                throw new StackOverflowError();
            }
            return 10;
        };
    }

    /// As a target does that passes the message of an exception on.
    @Test
    void aResultWithoutAReasonDelaysNoOtherEvent() {
        var faulty = outboxes.store(UUID.randomUUID(), "Faulty");
        target.entryResult =
                event ->
                        event.id().equals(faulty)
                                ? new EntryResult.EntryFailed(null)
                                : new EntryResult.EntryAccepted();
        var events = storeForOtherKeys(12);
        outboxes.start(target);
        await().until(() -> target.accepted().containsAll(events));
        await().until(() -> outboxes.blockedReasons().equals(List.of("null pointer")));
        target.entryResult = _ -> new EntryResult.EntryAccepted();
        await().until(() -> outboxes.rows("outbox") == 0);
    }

    @Test
    void aCheckWithoutAResultStopsNeitherChecksNorEvents() {
        target.stateResult = () -> null;
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        var relay = outboxes.start(target).relay();
        await().until(() -> target.accepted().contains(event));
        assertThat(relay.targetState())
                .isEqualTo(
                        new OutboxTarget.TargetState.TargetUnknown("the target returned no state"));
        target.stateResult = OutboxTarget.TargetState.TargetExists::new;
        await().until(
                        () ->
                                relay.targetState()
                                        .equals(new OutboxTarget.TargetState.TargetExists()));
    }

    @Test
    void aCheckThatThrowsIsNamedInWords() {
        target.stateResult =
                () -> {
                    throw new IllegalStateException("the address of Ada");
                };
        var relay = outboxes.start(target).relay();
        await().until(
                        () ->
                                relay.targetState()
                                        .equals(
                                                new OutboxTarget.TargetState.TargetUnknown(
                                                        "illegal state")));
    }

    @Test
    void anUnexpectedFailureOfTheRelayIsNamedWithItsPlaceAndRetried(CapturedOutput output) {
        outboxes.start(target);
        target.maxEvents =
                () -> {
                    throw new IllegalStateException("the address of Ada");
                };
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> output.getOut().contains("failed unexpectedly"));
        assertThat(output)
                .contains("outbox relay events failed unexpectedly: illegal state at ")
                .contains("OutboxRelayTargetTest.java:")
                .doesNotContain("IllegalState", "Ada");
        target.maxEvents = () -> 10;
        await().until(() -> target.accepted().contains(event));
    }

    @Test
    void aRelayPublishesTheEventsOfItsOwnTargetAlone() {
        outboxes.start(target);
        var other = new RecordingTarget();
        outboxes.publish("other", OutboxEvent.unordered("Other", EventPayload.json("{}")));
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> target.accepted().contains(event));
        await().until(() -> outboxes.rows("outbox") == 1);
        outboxes.start("other", other);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.accepted()).containsExactly(event);
        assertThat(other.accepted()).hasSize(1);
    }

    /// Stores an event for each of several new keys.
    private List<String> storeForOtherKeys(int events) {
        return IntStream.range(0, events)
                .mapToObj(_ -> outboxes.store(UUID.randomUUID(), "OrderCreated"))
                .toList();
    }
}
