package dev.orderflow.payment;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.PaymentMethodId;
import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.RefundReason;
import dev.orderflow.payment.domain.Standing;
import dev.orderflow.payment.gateway.Gateway;
import dev.orderflow.payment.gateway.GatewayAnswer;
import dev.orderflow.payment.gateway.GatewayAnswer.Subject;
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
final class GatewayDouble implements Gateway {

    enum Call {
        OPEN,
        CONFIRM,
        CAPTURE,
        CANCEL,
        REFUND,
        FIND_REFUND,
        ASK
    }

    enum Fault {
        /// The process dies before the gateway is called.
        CRASH_BEFORE,
        /// The process dies when the gateway has done it and before the answer is used.
        CRASH_AFTER,
        /// The request is lost.
        LOST_BEFORE,
        /// The answer is lost.
        LOST_AFTER,
        NOT_REACHED,
        /// A stored failure: the same key never works again.
        FAILED_AND_STORED,
        /// A refusal for good, of this call only.
        REFUSED,
        /// The amount is refused.
        AMOUNT_REFUSED,
        /// The hold's time is over.
        HOLD_ENDED,
        /// The key was used with other parameters, once and for all.
        KEY_TAKEN
    }

    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final class Intent {
        final UUID orderId;
        final PaymentMethodId paymentMethod;
        final Money amount;
        final List<Refunded> refunds = new ArrayList<>();
        Standing standing = new Standing.Unconfirmed();

        Intent(UUID orderId, PaymentMethodId paymentMethod, Money amount) {
            this.orderId = orderId;
            this.paymentMethod = paymentMethod;
            this.amount = amount;
        }
    }

    /// @param key none when it was made in the dashboard
    private record Refunded(String key, Money amount) {}

    private record Stored(String request, GatewayAnswer answer) {}

    record Made(Call call, String key) {}

    private final Map<IntentId, Intent> intents = new ConcurrentHashMap<>();
    private final Map<String, Stored> keys = new ConcurrentHashMap<>();
    private final Map<UUID, Integer> holds = new ConcurrentHashMap<>();
    private final Map<UUID, Integer> takings = new ConcurrentHashMap<>();
    private final Map<UUID, Integer> refunds = new ConcurrentHashMap<>();
    private final Map<Call, List<Fault>> faults = new ConcurrentHashMap<>();
    private final Map<Call, Gate> gates = new ConcurrentHashMap<>();
    private final List<Made> made = new CopyOnWriteArrayList<>();
    private final List<UUID> changes = new CopyOnWriteArrayList<>();
    private final AtomicInteger number = new AtomicInteger();

    /// Holds up one call until it is let on.
    static final class Gate {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        void awaitCaller() {
            await(reached);
        }

        void letOn() {
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
    void fail(Call call, Fault... next) {
        faults.computeIfAbsent(call, _ -> new CopyOnWriteArrayList<>()).addAll(List.of(next));
    }

    /// The next call of a kind waits before it does anything.
    Gate gate(Call call) {
        var gate = new Gate();
        gates.put(call, gate);
        return gate;
    }

    int holds(UUID orderId) {
        return holds.getOrDefault(orderId, 0);
    }

    int takings(UUID orderId) {
        return takings.getOrDefault(orderId, 0);
    }

    int refunds(UUID orderId) {
        return refunds.getOrDefault(orderId, 0);
    }

    List<Standing> standings(UUID orderId) {
        var all = new ArrayList<Standing>();
        intents.values().stream()
                .filter(intent -> intent.orderId.equals(orderId))
                .forEach(intent -> all.add(intent.standing));
        return all;
    }

    List<Made> made() {
        return List.copyOf(made);
    }

    /// Somebody gives money back in the gateway's own dashboard.
    void refundInTheDashboard(UUID orderId, Money amount) {
        refund(intentOf(orderId), amount, null);
        changes.add(orderId);
    }

    /// Lets go of a hold, as the gateway does when its time is over.
    void endHold(UUID orderId) {
        intentOf(orderId).standing = new Standing.Cancelled();
        changes.add(orderId);
    }

    void holdUntil(UUID orderId, Instant until) {
        intentOf(orderId).standing = new Standing.Held(until);
    }

    private Intent intentOf(UUID orderId) {
        return intents.values().stream()
                .filter(intent -> intent.orderId.equals(orderId))
                .findFirst()
                .orElseThrow();
    }

    private static void refund(Intent intent, Money amount, String key) {
        var taken = (Standing.Taken) intent.standing;
        intent.refunds.add(new Refunded(key, amount));
        intent.standing =
                new Standing.Taken(
                        taken.captured(),
                        taken.refunded() == null ? amount : taken.refunded().plus(amount));
    }

    @Override
    public GatewayAnswer open(
            UUID orderId, PaymentMethodId paymentMethod, Money amount, String key) {
        return called(
                Call.OPEN,
                key,
                orderId + " " + paymentMethod + " " + amount,
                () -> {
                    if (paymentMethod.value().equals("pm_nonsense")) {
                        return new GatewayAnswer.Declined("resource_missing");
                    }
                    var id = new IntentId("pi_" + number.incrementAndGet());
                    intents.put(id, new Intent(orderId, paymentMethod, amount));
                    return new GatewayAnswer.Reported(id, new Standing.Unconfirmed());
                });
    }

    @Override
    public GatewayAnswer confirm(IntentId id, String key) {
        return called(
                Call.CONFIRM,
                key,
                id.value(),
                () -> {
                    var intent = intents.get(id);
                    if (!(intent.standing instanceof Standing.Unconfirmed)) {
                        return new GatewayAnswer.Refused(
                                "payment_intent_unexpected_state", Subject.OTHER);
                    }
                    if (intent.paymentMethod.value().equals("pm_card_chargeDeclined")) {
                        intent.standing = new Standing.TurnedDown("generic_decline");
                        return new GatewayAnswer.Declined("generic_decline");
                    }
                    holds.merge(intent.orderId, 1, Integer::sum);
                    intent.standing = new Standing.Held();
                    return reported(id);
                });
    }

    @Override
    public GatewayAnswer capture(IntentId id, Money amount, String key) {
        return called(
                Call.CAPTURE,
                key,
                id + " " + amount,
                () -> {
                    var intent = intents.get(id);
                    if (!(intent.standing instanceof Standing.Held)) {
                        return new GatewayAnswer.Refused(
                                "payment_intent_unexpected_state", Subject.OTHER);
                    }
                    takings.merge(intent.orderId, 1, Integer::sum);
                    intent.standing = new Standing.Taken(amount, null);
                    return reported(id);
                });
    }

    @Override
    public GatewayAnswer cancel(IntentId id, String key) {
        return called(
                Call.CANCEL,
                key,
                id.value(),
                () -> {
                    var intent = intents.get(id);
                    if (intent.standing instanceof Standing.Taken) {
                        return new GatewayAnswer.Refused(
                                "payment_intent_unexpected_state", Subject.OTHER);
                    }
                    intent.standing = new Standing.Cancelled();
                    return reported(id);
                });
    }

    @Override
    public GatewayAnswer refund(
            UUID orderId, IntentId id, Money amount, RefundReason reason, String key) {
        return called(
                Call.REFUND,
                key,
                id + " " + amount + " " + reason,
                () -> {
                    var intent = intents.get(id);
                    if (!(intent.standing instanceof Standing.Taken(var captured, var before))) {
                        return new GatewayAnswer.Refused("charge_not_captured", Subject.OTHER);
                    }
                    var left = before == null ? Optional.of(captured) : captured.minus(before);
                    if (left.isEmpty()) {
                        return new GatewayAnswer.Refused("charge_already_refunded", Subject.OTHER);
                    }
                    if (!amount.isWithin(left.get())) {
                        return new GatewayAnswer.Refused("invalid_request", Subject.AMOUNT);
                    }
                    refunds.merge(intent.orderId, 1, Integer::sum);
                    refund(intent, amount, key);
                    return reported(id);
                });
    }

    @Override
    public GatewayAnswer ask(IntentId id) {
        return called(Call.ASK, "", id.value(), () -> reported(id));
    }

    @Override
    public RefundLookup findRefund(IntentId id, Money amount, String key) {
        if (called(Call.FIND_REFUND, "", id.value(), () -> new GatewayAnswer.KeyTaken())
                instanceof GatewayAnswer.NotReached(var why)) {
            return new RefundLookup.NotTold(why);
        }
        var made = intents.get(id).refunds;
        if (made.stream().anyMatch(refund -> key.equals(refund.key()))) {
            return new RefundLookup.Made();
        }
        return made.stream()
                        .anyMatch(refund -> refund.key() == null && refund.amount().equals(amount))
                ? new RefundLookup.Unclear()
                : new RefundLookup.Absent();
    }

    @Override
    public Changes changesSince(String after, int most) {
        if (called(Call.ASK, "", "changes", () -> new GatewayAnswer.KeyTaken())
                instanceof GatewayAnswer.NotReached(var why)) {
            return new Changes.NotTold(why);
        }
        if (after != null && !after.matches("[0-9]{1,9}")) {
            return new Changes.Forgotten();
        }
        int from = after == null ? 0 : Integer.parseInt(after);
        var page = changes.stream().skip(from).limit(most).toList();
        return new Changes.Known(
                page.stream().distinct().toList(),
                Integer.toString(from + page.size()),
                from + page.size() == changes.size());
    }

    @Override
    public Charges chargesOf(Collection<UUID> orderIds) {
        if (called(Call.ASK, "", "charges", () -> new GatewayAnswer.Declined("unused"))
                instanceof GatewayAnswer.NotReached(var why)) {
            return new Charges.NotTold(why);
        }
        var charges = new ArrayList<Charge>();
        for (var intent : intents.values()) {
            if (!orderIds.contains(intent.orderId)) {
                continue;
            }
            if (intent.standing instanceof Standing.Held) {
                charges.add(new Charge(intent.orderId, intent.amount, null, null));
            }
            if (intent.standing instanceof Standing.Taken(var captured, var refunded)) {
                charges.add(new Charge(intent.orderId, intent.amount, captured, refunded));
            }
        }
        return new Charges.Known(charges);
    }

    private GatewayAnswer reported(IntentId id) {
        return new GatewayAnswer.Reported(id, intents.get(id).standing);
    }

    private GatewayAnswer called(
            Call call, String key, String request, Supplier<GatewayAnswer> effect) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new AssertionError("a transaction is open while the gateway is called");
        }
        made.add(new Made(call, key));
        var gate = gates.remove(call);
        if (gate != null) {
            gate.reached.countDown();
            Gate.await(gate.open);
        }
        var fault = nextFault(call);
        if (fault != null) {
            switch (fault) {
                case CRASH_BEFORE -> throw new Crash();
                case LOST_BEFORE -> {
                    return new GatewayAnswer.NoAnswer("lost", false);
                }
                case NOT_REACHED -> {
                    return new GatewayAnswer.NotReached("down");
                }
                case REFUSED -> {
                    return new GatewayAnswer.Refused("refused_for_good", Subject.OTHER);
                }
                case AMOUNT_REFUSED -> {
                    return new GatewayAnswer.Refused("amount_too_small", Subject.AMOUNT);
                }
                case HOLD_ENDED -> {
                    return new GatewayAnswer.Refused("charge_expired_for_capture", Subject.HOLD);
                }
                case KEY_TAKEN -> {
                    keys.put(key, new Stored("another request", new GatewayAnswer.KeyTaken()));
                    return new GatewayAnswer.KeyTaken();
                }
                case FAILED_AND_STORED -> {
                    var failure = new GatewayAnswer.NoAnswer("answered 500", true);
                    if (!key.isEmpty()) {
                        keys.put(key, new Stored(call + request, failure));
                    }
                    return failure;
                }
                case CRASH_AFTER -> {
                    once(call, key, request, effect);
                    throw new Crash();
                }
                case LOST_AFTER -> {
                    once(call, key, request, effect);
                    return new GatewayAnswer.NoAnswer("lost", false);
                }
            }
        }
        return once(call, key, request, effect);
    }

    private synchronized Fault nextFault(Call call) {
        var next = faults.getOrDefault(call, List.of());
        return next.isEmpty() ? null : next.removeFirst();
    }

    private synchronized GatewayAnswer once(
            Call call, String key, String request, Supplier<GatewayAnswer> effect) {
        if (key.isEmpty()) {
            return effect.get();
        }
        var stored = keys.computeIfAbsent(key, _ -> new Stored(call + request, effect.get()));
        if (!stored.request().equals(call + request)
                && !(stored.answer() instanceof GatewayAnswer.KeyTaken)) {
            throw new AssertionError("key %s came with another request".formatted(key));
        }
        return stored.answer();
    }
}
