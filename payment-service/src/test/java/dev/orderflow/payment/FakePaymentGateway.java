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

/// An in-memory gateway that behaves as the port requires, counts what it does, and fails on
/// request.
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

    enum FakeGatewayFault {
        /// The process crashes before the call.
        CRASH_BEFORE,
        /// The process crashes after the gateway has done the operation, before it uses the result.
        CRASH_AFTER,
        /// The request is lost.
        LOST_BEFORE,
        /// The response is lost.
        LOST_AFTER,
        UNREACHABLE,
        /// A failure that is stored under the key.
        FAILED_AND_STORED,
        /// A permanent refusal of this call.
        REFUSED,
        /// The amount is refused.
        AMOUNT_REFUSED,
        /// The authorisation has expired.
        AUTHORIZATION_EXPIRED,
        /// The key was used with other parameters.
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
        IntentStatus status = new IntentStatus.IntentUnconfirmed();

        FakeIntent(UUID orderId, PaymentMethodId paymentMethod, Money amount) {
            this.orderId = orderId;
            this.paymentMethod = paymentMethod;
            this.amount = amount;
        }
    }

    /// @param key null when it was made in the dashboard
    private record FakeRefund(String key, Money amount) {}

    private record StoredResult(String request, GatewayResult result) {}

    record RecordedCall(GatewayCall call, String key) {}

    private final Map<IntentId, FakeIntent> intents = new ConcurrentHashMap<>();
    private final Map<String, StoredResult> keys = new ConcurrentHashMap<>();
    private final Map<UUID, Integer> authorizations = new ConcurrentHashMap<>();
    private final Map<UUID, Integer> captures = new ConcurrentHashMap<>();
    private final Map<UUID, Integer> refunds = new ConcurrentHashMap<>();
    private final Map<GatewayCall, List<FakeGatewayFault>> faults = new ConcurrentHashMap<>();
    private final Map<GatewayCall, CallGate> gates = new ConcurrentHashMap<>();
    private final Map<GatewayCall, CallGate> responseGates = new ConcurrentHashMap<>();
    private final List<RecordedCall> calls = new CopyOnWriteArrayList<>();
    private final List<UUID> changes = new CopyOnWriteArrayList<>();
    private final AtomicInteger number = new AtomicInteger();

    /// Blocks one call until it is opened.
    static final class CallGate {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        void awaitCaller() {
            await(reached);
        }

        void open() {
            open.countDown();
        }

        private static void pass(CallGate gate) {
            if (gate != null) {
                gate.reached.countDown();
                await(gate.open);
            }
        }

        private static void await(CountDownLatch latch) {
            try {
                if (!latch.await(2, TimeUnit.MINUTES)) {
                    throw new IllegalStateException("no call reached the gate");
                }
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }

    void reset() {
        faults.clear();
        gates.clear();
        responseGates.clear();
        calls.clear();
    }

    /// Lets the next calls fail, one after another.
    void fail(GatewayCall call, FakeGatewayFault... next) {
        faults.computeIfAbsent(call, _ -> new CopyOnWriteArrayList<>()).addAll(List.of(next));
    }

    /// Lets the next call wait before it does anything.
    CallGate gate(GatewayCall call) {
        var gate = new CallGate();
        gates.put(call, gate);
        return gate;
    }

    /// Lets the next call wait with its result, which may be out of date then.
    CallGate gateResponse(GatewayCall call) {
        var gate = new CallGate();
        responseGates.put(call, gate);
        return gate;
    }

    int countAuthorizations(UUID orderId) {
        return authorizations.getOrDefault(orderId, 0);
    }

    int countCaptures(UUID orderId) {
        return captures.getOrDefault(orderId, 0);
    }

    int countRefunds(UUID orderId) {
        return refunds.getOrDefault(orderId, 0);
    }

    List<IntentStatus> intentStatuses(UUID orderId) {
        var all = new ArrayList<IntentStatus>();
        intents.values().stream()
                .filter(intent -> intent.orderId.equals(orderId))
                .forEach(intent -> all.add(intent.status));
        return all;
    }

    List<RecordedCall> recordedCalls() {
        return List.copyOf(calls);
    }

    /// Makes a refund in the gateway's dashboard, outside of this service.
    void refundInTheDashboard(UUID orderId, Money amount) {
        refund(intentOf(orderId), amount, null);
        changes.add(orderId);
    }

    /// Expires an authorisation, as the gateway does by time.
    void expireAuthorization(UUID orderId) {
        intentOf(orderId).status = new IntentStatus.IntentCancelled();
        changes.add(orderId);
    }

    void setAuthorizedUntil(UUID orderId, Instant until) {
        intentOf(orderId).status = new IntentStatus.IntentAuthorized(until);
    }

    private FakeIntent intentOf(UUID orderId) {
        return intents.values().stream()
                .filter(intent -> intent.orderId.equals(orderId))
                .findFirst()
                .orElseThrow();
    }

    private static void refund(FakeIntent intent, Money amount, String key) {
        var captured = (IntentStatus.IntentCaptured) intent.status;
        intent.refunds.add(new FakeRefund(key, amount));
        intent.status =
                new IntentStatus.IntentCaptured(
                        captured.captured(),
                        captured.refunded() == null ? amount : captured.refunded().plus(amount));
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
                    if (!(intent.status instanceof IntentStatus.IntentUnconfirmed)) {
                        return new GatewayResult.RequestRefused(
                                "payment_intent_unexpected_state", RefusalSubject.OTHER);
                    }
                    if (intent.paymentMethod.value().equals("pm_card_chargeDeclined")) {
                        intent.status = new IntentStatus.IntentDeclined("generic_decline");
                        return new GatewayResult.PaymentMethodDeclined("generic_decline");
                    }
                    authorizations.merge(intent.orderId, 1, Integer::sum);
                    intent.status = new IntentStatus.IntentAuthorized();
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
                    if (!(intent.status instanceof IntentStatus.IntentAuthorized)) {
                        return new GatewayResult.RequestRefused(
                                "payment_intent_unexpected_state", RefusalSubject.OTHER);
                    }
                    captures.merge(intent.orderId, 1, Integer::sum);
                    intent.status = new IntentStatus.IntentCaptured(amount, null);
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
                    if (intent.status instanceof IntentStatus.IntentCaptured) {
                        return new GatewayResult.RequestRefused(
                                "payment_intent_unexpected_state", RefusalSubject.OTHER);
                    }
                    intent.status = new IntentStatus.IntentCancelled();
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
                    if (!(intent.status
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
                instanceof GatewayResult.GatewayUnreachable(var reason)) {
            return new RefundLookup.RefundLookupFailed(reason);
        }
        var refundsOfIntent = intents.get(id).refunds;
        if (refundsOfIntent.stream().anyMatch(refund -> key.equals(refund.key()))) {
            return new RefundLookup.RefundFound();
        }
        return refundsOfIntent.stream()
                        .anyMatch(refund -> refund.key() == null && refund.amount().equals(amount))
                ? new RefundLookup.RefundAmbiguous()
                : new RefundLookup.RefundAbsent();
    }

    @Override
    public ChangesResult findChanges(String after, int limit) {
        if (call(GatewayCall.RETRIEVE_STATUS, "", "changes", () -> new GatewayResult.KeyConflict())
                instanceof GatewayResult.GatewayUnreachable(var reason)) {
            return new ChangesResult.ChangesUnavailable(reason);
        }
        if (after != null && !after.matches("[0-9]{1,9}")) {
            return new ChangesResult.CursorExpired();
        }
        int from = after == null ? 0 : Integer.parseInt(after);
        var page = changes.stream().skip(from).limit(limit).toList();
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
                instanceof GatewayResult.GatewayUnreachable(var reason)) {
            return new ChargesResult.ChargesUnavailable(reason);
        }
        var charges = new ArrayList<OrderCharge>();
        for (var intent : intents.values()) {
            if (!orderIds.contains(intent.orderId)) {
                continue;
            }
            if (intent.status instanceof IntentStatus.IntentAuthorized) {
                charges.add(new OrderCharge(intent.orderId, intent.amount, null, null));
            }
            if (intent.status instanceof IntentStatus.IntentCaptured(var captured, var refunded)) {
                charges.add(new OrderCharge(intent.orderId, intent.amount, captured, refunded));
            }
        }
        return new ChargesResult.ChargesFound(charges);
    }

    private GatewayResult report(IntentId id) {
        return new GatewayResult.StatusReported(id, intents.get(id).status);
    }

    private GatewayResult call(
            GatewayCall call, String key, String request, Supplier<GatewayResult> effect) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new AssertionError("a transaction is open during a gateway call");
        }
        calls.add(new RecordedCall(call, key));
        CallGate.pass(gates.remove(call));
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
        var result = once(call, key, request, effect);
        CallGate.pass(responseGates.remove(call));
        return result;
    }

    private synchronized FakeGatewayFault nextFault(GatewayCall call) {
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
                && !(stored.result() instanceof GatewayResult.KeyConflict)) {
            throw new AssertionError("key %s was used with a different request".formatted(key));
        }
        return stored.result();
    }
}
