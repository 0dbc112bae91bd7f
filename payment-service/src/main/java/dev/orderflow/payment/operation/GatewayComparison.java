package dev.orderflow.payment.operation;

import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.IntentStatus;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentDecision.PaymentRefusal;
import dev.orderflow.payment.domain.PaymentState.Authorized;
import dev.orderflow.payment.domain.PaymentState.Captured;
import dev.orderflow.payment.domain.PaymentState.Capturing;
import dev.orderflow.payment.domain.PaymentState.Confirming;
import dev.orderflow.payment.domain.PaymentState.Declined;
import dev.orderflow.payment.domain.PaymentState.IntentCreated;
import dev.orderflow.payment.domain.PaymentState.Refunded;
import dev.orderflow.payment.domain.PaymentState.Refunding;
import dev.orderflow.payment.domain.PaymentState.Requested;
import dev.orderflow.payment.domain.PaymentState.UnknownOutcome;
import dev.orderflow.payment.domain.PaymentState.Voided;
import dev.orderflow.payment.domain.PaymentState.Voiding;
import dev.orderflow.payment.domain.PaymentStateMachine;
import dev.orderflow.payment.gateway.GatewayResult;
import dev.orderflow.payment.gateway.PaymentGateway;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/// Compares a stored payment with the gateway: verifies an authorisation before a dispatch, and
/// accepts the gateway's state on an operator's request.
@Component
public final class GatewayComparison {

    private static final Logger log = LoggerFactory.getLogger(GatewayComparison.class);

    private final Payments payments;
    private final PaymentStore store;
    private final PaymentGateway gateway;
    private final TransactionOperations transactions;
    private final PaymentProperties properties;

    GatewayComparison(
            Payments payments,
            PaymentStore store,
            PaymentGateway gateway,
            TransactionOperations transactions,
            PaymentProperties properties) {
        this.payments = payments;
        this.store = store;
        this.gateway = gateway;
        this.transactions = transactions;
        this.properties = properties;
    }

    /// Verifies at the gateway that the authorisation of an order remains valid for long enough to
    /// dispatch it. An authorisation that has ended at the gateway ends here too.
    public AuthorizationVerification verifyAuthorization(UUID orderId) {
        var found = payments.findByOrder(orderId);
        if (found.isEmpty()) {
            return new AuthorizationVerification.PaymentMissing();
        }
        var payment = found.get();
        return switch (payment.state()) {
            case Authorized(var intent) -> verifyAuthorization(payment, intent);
            case Captured _ ->
                    new AuthorizationVerification.AuthorizationVerified(payment, true, null);
            case Requested _, IntentCreated _, Confirming _, Capturing _ ->
                    new AuthorizationVerification.OperationPending(payment);
            case Declined _, Voiding _, Voided _, Refunding _, Refunded _ ->
                    new AuthorizationVerification.AuthorizationVerified(payment, false, null);
        };
    }

    private AuthorizationVerification verifyAuthorization(Payment payment, IntentId intent) {
        if (!(gateway.retrieveStatus(intent)
                instanceof GatewayResult.StatusReported(var _, var status))) {
            return new AuthorizationVerification.AuthorizationStatusUnavailable();
        }
        if (status instanceof IntentStatus.IntentAuthorized(var until)) {
            boolean dispatchAllowed =
                    until == null
                            || Instant.now().plus(properties.authorizationMargin()).isBefore(until);
            return new AuthorizationVerification.AuthorizationVerified(
                    payment, dispatchAllowed, until);
        }
        var current =
                Objects.requireNonNull(
                        transactions.execute(
                                _ -> {
                                    var stored =
                                            payments.findForUpdate(payment.orderId()).orElseThrow();
                                    var after = store.applyStatus(stored, status, false);
                                    store.save(stored, after);
                                    return after;
                                }));
        return current.state() instanceof Authorized || current.state() instanceof UnknownOutcome
                ? new AuthorizationVerification.OperationPending(current)
                : new AuthorizationVerification.AuthorizationVerified(
                        current, current.state() instanceof Captured, null);
    }

    /// Accepts the gateway's state of a payment on an operator's request: a refund or a
    /// cancellation that was made there counts here from now on.
    ///
    /// @return why the state was not accepted; empty when it was
    public Optional<PaymentRefusal> adoptGatewayState(UUID orderId) {
        var found = payments.findByOrder(orderId);
        if (found.isEmpty()) {
            return Optional.of(PaymentRefusal.NO_PAYMENT);
        }
        var intent = found.get().state().intentIfOutcomeKnown();
        if (intent.isEmpty()) {
            return found.get().state() instanceof UnknownOutcome
                    ? Optional.of(PaymentRefusal.OPERATION_PENDING)
                    : Optional.empty();
        }
        if (!(gateway.retrieveStatus(intent.get())
                instanceof GatewayResult.StatusReported(var _, var status))) {
            return Optional.of(PaymentRefusal.OPERATION_PENDING);
        }
        return Objects.requireNonNull(
                transactions.execute(_ -> adoptGatewayState(found.get(), status)));
    }

    /// @param seen the payment as it was before the status was retrieved
    private Optional<PaymentRefusal> adoptGatewayState(Payment seen, IntentStatus status) {
        var orderId = seen.orderId();
        var stored = payments.findForUpdate(orderId).orElseThrow();
        // The status may be older than an operation that was done meanwhile, such as a refund.
        if (!stored.equals(seen)) {
            return Optional.of(PaymentRefusal.OPERATION_PENDING);
        }
        var after = stored.withState(PaymentStateMachine.adoptGatewayState(stored.state(), status));
        if (!after.equals(stored)) {
            log.info(
                    "order {}: an operator adopted the gateway's state of the payment: {} becomes"
                            + " {}",
                    orderId,
                    stored.state(),
                    after.state());
            store.save(stored, after);
        }
        return Optional.empty();
    }
}
