package dev.orderflow.payment;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.PaymentMethodId;
import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.IntentStatus;
import dev.orderflow.payment.domain.RefundReason;
import dev.orderflow.payment.gateway.GatewayResult;
import dev.orderflow.payment.gateway.GatewayResult.RefusalSubject;
import dev.orderflow.payment.gateway.PaymentGateway;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// A gateway that behaves as the port says, with a ledger, and fails where it is told to.
final class FakePaymentGateway implements PaymentGateway {

    enum GatewayCall {
        CREATE_INTENT,
        CONFIRM,
        CAPTURE,
        CANCEL,
        REFUND,
        FIND_REFUND,
        RETRIEVE_STATUS
    }

    enum GatewayFault {
        /// The process dies before the gateway is called.
        CRASH_BEFORE,
        /// The process dies when the gateway has done it and before the answer is used.
        CRASH_AFTER,
        /// The request is lost.
        LOST_BEFORE,
        /// The answer is lost.
        LOST_AFTER,
        UNREACHABLE,
        /// A stored failure: the same key never works again.
        FAILED_AND_STORED,
        /// A refusal for good, of this call only.
        REFUSED,
        /// The amount is refused.
        AMOUNT_REFUSED,
        /// The hold's time is over.
        AUTHORIZATION_EXPIRED,
        /// The key was used with other parameters, once and for all.
        KEY_CONFLICT
    }

    static final class SimulatedCrash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final class FakeIntent {
        final UUID orderId;
        final PaymentMethodId paymentMethod;
        final Money amount;
        final List<FakeRefund> refunds = new ArrayList<>();
        IntentStatus standing = new IntentStatus.IntentUnconfirmed();

        FakeIntent(UUID orderId, PaymentMethodId paymentMethod, Money amount) {
            this.orderId = orderId;
            this.paymentMethod = paymentMethod;
            this.amount = amount;
        }
    }

    /// @param key none when it was made in the dashboard
    private record FakeRefund(String key, Money amount) {}

    private record StoredResult(String request, GatewayResult answer) {}

    record RecordedCall(GatewayCall call, String key) {}

    private final Map<IntentId, FakeIntent> intents = new ConcurrentHashMap<>();
    private final Map<String, StoredResult> keys = new ConcurrentHashMap<>();
    private final Map<UUID, Integer> holds = new ConcurrentHashMap<>();
    private final Map<UUID, Integer> takings = new ConcurrentHashMap<>();
    private final Map<UUID, Integer> refunds = new ConcurrentHashMap<>();
    private final Map<GatewayCall, List<GatewayFault>> faults = new ConcurrentHashMap<>();
    private final Map<GatewayCall, CallGate> gates = new ConcurrentHashMap<>();
    private final List<RecordedCall> made = new CopyOnWriteArrayList<>();
    private final List<UUID> changes = new CopyOnWriteArrayList<>();
    private final AtomicInteger number = new AtomicInteger();

    /// Holds up one call until it is let on.
    static final class CallGate {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        void awaitCaller() {
            await(reached);
        }

        void open() {
            open.countDown();
        }

        private static void await(CountDownLatch latch) {
            try {
                if (!latch.await(20, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("nobody came");
                }
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
        }
    }

    void reset() {
        faults.clear();
        gates.clear();
        made.clear();
    }

    /// The next calls of a kind fail, one after the other.
    void fail(GatewayCall call, GatewayFault... next) {
        faults.computeIfAbsent(call, _ -> new CopyOnWriteArrayList<>()).addAll(List.of(next));
    }

    /// The next call of a kind waits before it does anything.
    CallGate gate(GatewayCall call) {
        var gate = new CallGate();
        gates.put(call, gate);
        return gate;
    }

    int countAuthorizations(UUID orderId) {
        return holds.getOrDefault(orderId, 0);
    }

    int countCaptures(UUID orderId) {
        return takings.getOrDefault(orderId, 0);
    }

    int countRefunds(UUID orderId) {
        return refunds.getOrDefault(orderId, 0);
    }

    List<IntentStatus> intentStatuses(UUID orderId) {
        var all = new ArrayList<IntentStatus>();
        intents.values().stream()
                .filter(intent -> intent.orderId.equals(orderId))
                .forEach(intent -> all.add(intent.standing));
        return all;
    }

    List<RecordedCall> recordedCalls() {
        return List.copyOf(made);
    }

    /// Somebody gives money back in the gateway's own dashboard.
    void refundInTheDashboard(UUID orderId, Money amount) {
        refund(intentOf(orderId), amount, null);
        changes.add(orderId);
    }

    /// Lets go of a hold, as the gateway does when its time is over.
    void expireAuthorization(UUID orderId) {
        intentOf(orderId).standing = new IntentStatus.IntentCancelled();
        changes.add(orderId);
    }

    void setAuthorizedUntil(UUID orderId, Instant until) {
        intentOf(orderId).standing = new IntentStatus.IntentAuthorized(until);
    }

    private FakeIntent intentOf(UUID orderId) {
        return intents.values().stream()
                .filter(intent -> intent.orderId.equals(orderId))
                .findFirst()
                .orElseThrow();
    }

    private static void refund(FakeIntent intent, Money amount, String key) {
        var taken = (IntentStatus.IntentCaptured) intent.standing;
        intent.refunds.add(new FakeRefund(key, amount));
        intent.standing =
                new IntentStatus.IntentCaptured(
                        taken.captured(),
                        taken.refunded() == null ? amount : taken.refunded().plus(amount));
    }

    @Override
    public GatewayResult createIntent(
            UUID orderId, PaymentMethodId paymentMethod, Money amount, String key) {
        return call(
                GatewayCall.CREATE_INTENT,
                key,
                orderId + " " + paymentMethod + " " + amount,
                () -> {
                    if (paymentMethod.value().equals("pm_nonsense")) {
                        return new GatewayResult.PaymentMethodDeclined("resource_missing");
                    }
                    var id = new IntentId("pi_" + number.incrementAndGet());
                    intents.put(id, new FakeIntent(orderId, paymentMethod, amount));
                    return new GatewayResult.StatusReported(
                            id, new IntentStatus.IntentUnconfirmed());
                });
    }

    @Override
    public GatewayResult confirm(IntentId id, String key) {
        return call(
                GatewayCall.CONFIRM,
                key,
                id.value(),
                () -> {
                    var intent = intents.get(id);
                    if (!(intent.standing instanceof IntentStatus.IntentUnconfirmed)) {
                        return new GatewayResult.RequestRefused(
                                "payment_intent_unexpected_state", RefusalSubject.OTHER);
                    }
                    if (intent.paymentMethod.value().equals("pm_card_chargeDeclined")) {
                        intent.standing = new IntentStatus.IntentDeclined("generic_decline");
                        return new GatewayResult.PaymentMethodDeclined("generic_decline");
                    }
                    holds.merge(intent.orderId, 1, Integer::sum);
                    intent.standing = new IntentStatus.IntentAuthorized();
                    return report(id);
                });
    }

    @Override
    public GatewayResult capture(IntentId id, Money amount, String key) {
        return call(
                GatewayCall.CAPTURE,
                key,
                id + " " + amount,
                () -> {
                    var intent = intents.get(id);
                    if (!(intent.standing instanceof IntentStatus.IntentAuthorized)) {
                        return new GatewayResult.RequestRefused(
                                "payment_intent_unexpected_state", RefusalSubject.OTHER);
                    }
                    takings.merge(intent.orderId, 1, Integer::sum);
                    intent.standing = new IntentStatus.IntentCaptured(amount, null);
                    return report(id);
                });
    }

    @Override
    public GatewayResult cancel(IntentId id, String key) {
        return call(
                GatewayCall.CANCEL,
                key,
                id.value(),
                () -> {
                    var intent = intents.get(id);
                    if (intent.standing instanceof IntentStatus.IntentCaptured) {
                        return new GatewayResult.RequestRefused(
                                "payment_intent_unexpected_state", RefusalSubject.OTHER);
                    }
                    intent.standing = new IntentStatus.IntentCancelled();
                    return report(id);
                });
    }

    @Override
    public GatewayResult refund(
            UUID orderId, IntentId id, Money amount, RefundReason reason, String key) {
        return call(
                GatewayCall.REFUND,
                key,
                id + " " + amount + " " + reason,
                () -> {
                    var intent = intents.get(id);
                    if (!(intent.standing
                            instanceof IntentStatus.IntentCaptured(var captured, var before))) {
                        return new GatewayResult.RequestRefused(
                                "charge_not_captured", RefusalSubject.OTHER);
                    }
                    var left = before == null ? Optional.of(captured) : captured.minus(before);
                    if (left.isEmpty()) {
                        return new GatewayResult.RequestRefused(
                                "charge_already_refunded", RefusalSubject.OTHER);
                    }
                    if (!amount.isWithin(left.get())) {
                        return new GatewayResult.RequestRefused(
                                "invalid_request", RefusalSubject.AMOUNT);
                    }
                    refunds.merge(intent.orderId, 1, Integer::sum);
                    refund(intent, amount, key);
                    return report(id);
                });
    }

    @Override
    public GatewayResult retrieveStatus(IntentId id) {
        return call(GatewayCall.RETRIEVE_STATUS, "", id.value(), () -> report(id));
    }

    @Override
    public RefundLookup findRefund(IntentId id, Money amount, String key) {
        if (call(GatewayCall.FIND_REFUND, "", id.value(), () -> new GatewayResult.KeyConflict())
                instanceof GatewayResult.GatewayUnreachable(var why)) {
            return new RefundLookup.RefundLookupFailed(why);
        }
        var made = intents.get(id).refunds;
        if (made.stream().anyMatch(refund -> key.equals(refund.key()))) {
            return new RefundLookup.RefundFound();
        }
        return made.stream()
                        .anyMatch(refund -> refund.key() == null && refund.amount().equals(amount))
                ? new RefundLookup.RefundAmbiguous()
                : new RefundLookup.RefundAbsent();
    }

    @Override
    public ChangesResult findChanges(String after, int most) {
        if (call(GatewayCall.RETRIEVE_STATUS, "", "changes", () -> new GatewayResult.KeyConflict())
                instanceof GatewayResult.GatewayUnreachable(var why)) {
            return new ChangesResult.ChangesUnavailable(why);
        }
        if (after != null && !after.matches("[0-9]{1,9}")) {
            return new ChangesResult.CursorExpired();
        }
        int from = after == null ? 0 : Integer.parseInt(after);
        var page = changes.stream().skip(from).limit(most).toList();
        return new ChangesResult.ChangesFound(
                page.stream().distinct().toList(),
                Integer.toString(from + page.size()),
                from + page.size() == changes.size());
    }

    @Override
    public ChargesResult findCharges(Collection<UUID> orderIds) {
        if (call(
                        GatewayCall.RETRIEVE_STATUS,
                        "",
                        "charges",
                        () -> new GatewayResult.PaymentMethodDeclined("unused"))
                instanceof GatewayResult.GatewayUnreachable(var why)) {
            return new ChargesResult.ChargesUnavailable(why);
        }
        var charges = new ArrayList<GatewayCharge>();
        for (var intent : intents.values()) {
            if (!orderIds.contains(intent.orderId)) {
                continue;
            }
            if (intent.standing instanceof IntentStatus.IntentAuthorized) {
                charges.add(new GatewayCharge(intent.orderId, intent.amount, null, null));
            }
            if (intent.standing
                    instanceof IntentStatus.IntentCaptured(var captured, var refunded)) {
                charges.add(new GatewayCharge(intent.orderId, intent.amount, captured, refunded));
            }
        }
        return new ChargesResult.ChargesFound(charges);
    }

    private GatewayResult report(IntentId id) {
        return new GatewayResult.StatusReported(id, intents.get(id).standing);
    }

    private GatewayResult call(
            GatewayCall call, String key, String request, Supplier<GatewayResult> effect) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new AssertionError("a transaction is open while the gateway is called");
        }
        made.add(new RecordedCall(call, key));
        var gate = gates.remove(call);
        if (gate != null) {
            gate.reached.countDown();
            CallGate.await(gate.open);
        }
        var fault = nextFault(call);
        if (fault != null) {
            switch (fault) {
                case CRASH_BEFORE -> throw new SimulatedCrash();
                case LOST_BEFORE -> {
                    return new GatewayResult.ResultUnknown("lost", false);
                }
                case UNREACHABLE -> {
                    return new GatewayResult.GatewayUnreachable("down");
                }
                case REFUSED -> {
                    return new GatewayResult.RequestRefused(
                            "refused_for_good", RefusalSubject.OTHER);
                }
                case AMOUNT_REFUSED -> {
                    return new GatewayResult.RequestRefused(
                            "amount_too_small", RefusalSubject.AMOUNT);
                }
                case AUTHORIZATION_EXPIRED -> {
                    return new GatewayResult.RequestRefused(
                            "charge_expired_for_capture", RefusalSubject.AUTHORIZATION);
                }
                case KEY_CONFLICT -> {
                    keys.put(
                            key,
                            new StoredResult("another request", new GatewayResult.KeyConflict()));
                    return new GatewayResult.KeyConflict();
                }
                case FAILED_AND_STORED -> {
                    var failure = new GatewayResult.ResultUnknown("answered 500", true);
                    if (!key.isEmpty()) {
                        keys.put(key, new StoredResult(call + request, failure));
                    }
                    return failure;
                }
                case CRASH_AFTER -> {
                    once(call, key, request, effect);
                    throw new SimulatedCrash();
                }
                case LOST_AFTER -> {
                    once(call, key, request, effect);
                    return new GatewayResult.ResultUnknown("lost", false);
                }
            }
        }
        return once(call, key, request, effect);
    }

    private synchronized GatewayFault nextFault(GatewayCall call) {
        var next = faults.getOrDefault(call, List.of());
        return next.isEmpty() ? null : next.removeFirst();
    }

    private synchronized GatewayResult once(
            GatewayCall call, String key, String request, Supplier<GatewayResult> effect) {
        if (key.isEmpty()) {
            return effect.get();
        }
        var stored = keys.computeIfAbsent(key, _ -> new StoredResult(call + request, effect.get()));
        if (!stored.request().equals(call + request)
                && !(stored.answer() instanceof GatewayResult.KeyConflict)) {
            throw new AssertionError("key %s came with another request".formatted(key));
        }
        return stored.answer();
    }
}
