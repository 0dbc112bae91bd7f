package dev.orderflow.payment.web;

import dev.orderflow.defaults.confirmations.ConfirmableAction;
import dev.orderflow.defaults.confirmations.WaitingAction;
import dev.orderflow.defaults.confirmations.WaitingActions;
import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.defaults.idempotency.IdempotentBody;
import dev.orderflow.defaults.idempotency.IdempotentRequests;
import dev.orderflow.defaults.idempotency.RequestFingerprint;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRequest;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.payment.domain.OperationCommand;
import dev.orderflow.payment.domain.OperationResult;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentDecision.PaymentRefusal;
import dev.orderflow.payment.domain.PaymentStateCode;
import dev.orderflow.payment.gateway.GatewayResult.RefusalSubject;
import dev.orderflow.payment.operation.AuthorizationVerification;
import dev.orderflow.payment.operation.GatewayComparison;
import dev.orderflow.payment.operation.PaymentProperties;
import dev.orderflow.payment.operation.PaymentResult;
import dev.orderflow.payment.operation.PaymentService;
import dev.orderflow.payment.web.PaymentResponses.AuthorizationVerificationView;
import dev.orderflow.payment.web.PaymentResponses.OperationResponse;
import dev.orderflow.payment.web.PaymentResponses.PaymentView;
import dev.orderflow.payment.web.PaymentResponses.RefundableAmounts;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/internal/payments")
class PaymentController implements ConfirmableAction {

    private static final String EXCEEDS_REFUNDABLE =
            "The amount exceeds what is left to refund of the captured amount.";

    private static final String NOT_CAPTURED_PROBLEM = "payment-not-captured";
    private static final String ALREADY_REFUNDED_PROBLEM = "already-refunded";

    private final PaymentService service;
    private final GatewayComparison comparison;
    private final RefundConfirmation confirmation;
    private final Duration retryAfter;

    PaymentController(
            PaymentService service,
            GatewayComparison comparison,
            RefundConfirmation confirmation,
            PaymentProperties properties) {
        this.service = service;
        this.confirmation = confirmation;
        this.comparison = comparison;
        this.retryAfter = properties.retryAfter();
    }

    @ForMachines
    @PostMapping("/{orderId}/authorization")
    ResponseEntity<OperationResponse> authorize(
            @PathVariable UUID orderId,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody IdempotentBody<PaymentRequests.AuthorizationRequest> body) {
        return perform(body.value().toCommand(orderId), key, body.fingerprint(), null);
    }

    @ForMachines
    @ForOperators(value = OperatorRole.OPERATOR, action = "CAPTURE_PAYMENT")
    @PostMapping("/{orderId}/capture")
    ResponseEntity<OperationResponse> capture(
            @PathVariable UUID orderId,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody IdempotentBody<PaymentRequests.CaptureRequest> body,
            Optional<Operator> operator,
            OperatorRequest request) {
        request.describe(orderId.toString(), null, body.value().amount().toString());
        return perform(
                body.value().toCommand(orderId), key, body.fingerprint(), operator.orElse(null));
    }

    @ForMachines
    @ForOperators(value = OperatorRole.OPERATOR, action = "VOID_PAYMENT")
    @PostMapping("/{orderId}/void")
    ResponseEntity<OperationResponse> voidPayment(
            @PathVariable UUID orderId,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody IdempotentBody<PaymentRequests.VoidRequest> body,
            Optional<Operator> operator) {
        return perform(
                body.value().toCommand(orderId), key, body.fingerprint(), operator.orElse(null));
    }

    @ForOperators(value = OperatorRole.OPERATOR, action = "REFUND_PAYMENT")
    @PostMapping("/{orderId}/refund")
    ResponseEntity<?> refund(
            @PathVariable UUID orderId,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody IdempotentBody<PaymentRequests.RefundRequest> body,
            Operator operator,
            OperatorRequest request) {
        var command = body.value().toCommand(orderId, confirmation.maxRefunded());
        request.describe(
                orderId.toString(), body.value().reason(), body.value().amount().toString());
        var requiredKey = IdempotencyKey.require(key);
        return switch (service.perform(
                command, requiredKey.value(), body.fingerprint(), operator)) {
            case PaymentResult.PaymentRefused(var refusal, var _)
                    when refusal == PaymentRefusal.EXCEEDS_REFUND_LIMIT ->
                    WaitingActions.respond(
                            confirmation.store(orderId, requiredKey, body, operator));
            case PaymentResult result -> toResponse(command, result);
        };
    }

    @Override
    public String name() {
        return RefundConfirmation.ACTION;
    }

    @Override
    public ResponseEntity<?> execute(WaitingAction action) {
        var refund = confirmation.read(action);
        return perform(refund.command(), refund.key(), refund.fingerprint(), refund.operator());
    }

    /// A payment that is refunded as a whole does not become refundable again. One of which nothing
    /// is captured must be voided instead.
    @Override
    public boolean isFinal(Problem refusal) {
        return refusal.hasType(ALREADY_REFUNDED_PROBLEM)
                || refusal.hasType(NOT_CAPTURED_PROBLEM)
                || ConfirmableAction.super.isFinal(refusal);
    }

    /// Verifies shortly before a dispatch that the amount of the order can be captured afterwards.
    /// Only an authorisation that has ended at the gateway changes the payment.
    @ForMachines
    @PostMapping("/{orderId}/authorization-verification")
    AuthorizationVerificationView verifyAuthorization(@PathVariable UUID orderId) {
        return switch (comparison.verifyAuthorization(orderId)) {
            case AuthorizationVerification.AuthorizationVerified(
                            var payment,
                            boolean dispatchAllowed,
                            var authorizedUntil) ->
                    new AuthorizationVerificationView(
                            orderId, payment.state().code(), dispatchAllowed, authorizedUntil);
            case AuthorizationVerification.PaymentMissing _ -> throw noPayment();
            case AuthorizationVerification.OperationPending(var payment) ->
                    throw toRefusedProblem(PaymentRefusal.OPERATION_PENDING, payment)
                            .with("orderId", orderId);
            case AuthorizationVerification.AuthorizationStatusUnavailable _ ->
                    throw GatewayProblems.unavailable(
                                    "The status of the authorisation could not be retrieved."
                                            + " Retry later.",
                                    retryAfter)
                            .with("orderId", orderId);
        };
    }

    /// Adopts the gateway's state of the payment after an operator has checked it: a refund or a
    /// cancellation that was made there is recorded here.
    @ForOperators(value = OperatorRole.OPERATOR, action = "ADOPT_GATEWAY_STATE")
    @PostMapping("/{orderId}/gateway-state-adoption")
    PaymentView adoptGatewayState(@PathVariable UUID orderId) {
        comparison
                .adoptGatewayState(orderId)
                .ifPresent(
                        refusal -> {
                            throw toRefusedProblem(
                                            refusal, service.findPayment(orderId).orElse(null))
                                    .with("orderId", orderId);
                        });
        return findPayment(orderId);
    }

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/{orderId}")
    PaymentView findPayment(@PathVariable UUID orderId) {
        return service.findPayment(orderId)
                .map(payment -> PaymentView.of(payment, service.findOperations(orderId)))
                .orElseThrow(PaymentController::noPayment);
    }

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/by-key/{key}")
    PaymentView findByKey(@PathVariable String key) {
        return service.findOperation(IdempotencyKey.require(key).value())
                .map(operation -> findPayment(operation.orderId()))
                .orElseThrow(PaymentController::noPayment);
    }

    private ResponseEntity<OperationResponse> perform(
            OperationCommand command,
            @Nullable String key,
            RequestFingerprint fingerprint,
            @Nullable Operator operator) {
        return toResponse(
                command,
                service.perform(
                        command, IdempotencyKey.require(key).value(), fingerprint, operator));
    }

    private ResponseEntity<OperationResponse> toResponse(
            OperationCommand command, PaymentResult result) {
        return switch (result) {
            case PaymentResult.OperationCompleted completed -> toResponse(completed);
            case PaymentResult.RequestInFlight _ -> throw IdempotencyKey.inFlight(retryAfter);
            case PaymentResult.IdempotencyKeyReused _ -> throw IdempotencyKey.reused();
            case PaymentResult.PaymentRefused(var refusal, var payment) ->
                    throw toRefusedProblem(refusal, payment).with("orderId", command.orderId());
            case PaymentResult.GatewayRefused refused ->
                    throw toGatewayRefusedProblem(command, refused)
                            .with("gatewayCode", refused.code())
                            .with("orderId", command.orderId())
                            .with("paymentState", refused.payment().state().code());
            case PaymentResult.OutcomeUnknown _ ->
                    throw Problem.of(
                                    HttpStatus.SERVICE_UNAVAILABLE,
                                    "payment-outcome-unknown",
                                    "Payment outcome unknown")
                            .detail(
                                    "The outcome at the gateway is unknown. Retry with the same"
                                            + " key.")
                            .with("orderId", command.orderId())
                            .retryAfter(retryAfter);
            case PaymentResult.GatewayUnavailable _ ->
                    throw GatewayProblems.unavailable(
                                    "The gateway could not be reached and nothing was done."
                                            + " Retry with the same key.",
                                    retryAfter)
                            .with("orderId", command.orderId());
            case PaymentResult.IntentCreationUnknown _ ->
                    throw GatewayProblems.unavailable(
                                    "The gateway gave no clear answer to the creation of the"
                                            + " payment intent. Nothing is charged. Retry with the"
                                            + " same key.",
                                    retryAfter)
                            .with("orderId", command.orderId());
        };
    }

    private static ResponseEntity<OperationResponse> toResponse(
            PaymentResult.OperationCompleted completed) {
        return switch (completed.result()) {
            case OperationResult.OperationSucceeded succeeded ->
                    toSuccess(
                            completed,
                            succeeded.state() == PaymentStateCode.AUTHORIZED
                                    ? HttpStatus.CREATED
                                    : HttpStatus.OK,
                            OperationResponse.of(completed, succeeded));
            case OperationResult.RefundSucceeded refund ->
                    toSuccess(completed, HttpStatus.OK, OperationResponse.of(completed, refund));
            case OperationResult.AuthorizationDeclined(var code) ->
                    throw toStoredProblem(
                            completed,
                            Problem.of(
                                            HttpStatus.PAYMENT_REQUIRED,
                                            "payment-declined",
                                            "Payment declined")
                                    .with("declineCode", code));
            case OperationResult.AlreadyVoided _ ->
                    throw toStoredProblem(
                            completed,
                            Problem.of(HttpStatus.GONE, "payment-voided", "Payment voided")
                                    .detail("The payment was voided before."));
            // Not 409: the workflow retries 409, and a retry cannot succeed here.
            case OperationResult.AlreadyCaptured _ ->
                    throw toStoredProblem(
                            completed,
                            Problem.of(
                                            HttpStatus.PRECONDITION_FAILED,
                                            "already-captured",
                                            "Already captured")
                                    .detail("The amount is captured. Refund it instead."));
        };
    }

    private static ResponseEntity<OperationResponse> toSuccess(
            PaymentResult.OperationCompleted completed, HttpStatus status, OperationResponse body) {
        var response = ResponseEntity.status(status);
        if (completed.replayed()) {
            response.header(IdempotentRequests.REPLAYED_HEADER, "true");
        }
        return response.body(body);
    }

    /// The workflow does not retry these statuses: 402 and 422 mean that the customer can choose
    /// another payment method or amount, 424 that an operator must fix the cause.
    private static Problem toGatewayRefusedProblem(
            OperationCommand command, PaymentResult.GatewayRefused refused) {
        var refundable =
                RefundableAmounts.of(refused.payment().state(), refused.refundedAtGateway());
        if (command instanceof OperationCommand.RefundCommand(var _, var amount, var _, var _)
                && refundable.isPresent()
                && new BigDecimal(refundable.get().refundable().amount()).compareTo(amount.amount())
                        < 0) {
            return refundable.get().addTo(amountNotAllowed(EXCEEDS_REFUNDABLE));
        }
        if (refused.subject() == RefusalSubject.AMOUNT
                && command instanceof OperationCommand.AuthorizeCommand) {
            return Problem.of(
                            HttpStatus.UNPROCESSABLE_CONTENT,
                            "payment-not-possible",
                            "Payment not possible")
                    .detail("The gateway does not accept this amount or its currency.");
        }
        var problem =
                Problem.of(HttpStatus.FAILED_DEPENDENCY, "gateway-refused", "Gateway refused")
                        .detail(
                                "Nothing was done. A retry fails until the cause in gatewayCode"
                                        + " is fixed.");
        return refundable.map(amounts -> amounts.addTo(problem)).orElse(problem);
    }

    private static Problem amountNotAllowed(String detail) {
        return Problem.of(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "amount-not-allowed",
                        "Amount not allowed")
                .detail(detail);
    }

    private static Problem toStoredProblem(
            PaymentResult.OperationCompleted completed, Problem problem) {
        if (completed.replayed()) {
            problem.getHeaders().set(IdempotentRequests.REPLAYED_HEADER, "true");
        }
        return problem.with("orderId", completed.orderId())
                .with("paymentId", completed.paymentId());
    }

    private Problem toRefusedProblem(PaymentRefusal refusal, @Nullable Payment payment) {
        var problem =
                switch (refusal) {
                    case NO_PAYMENT -> noPayment();
                    case AUTHORIZATION_EXISTS ->
                            Problem.of(
                                            HttpStatus.CONFLICT,
                                            "authorization-exists",
                                            "Authorisation exists")
                                    .detail(
                                            "The payment of this order was authorised under"
                                                    + " another key.");
                    case OPERATION_PENDING ->
                            Problem.of(
                                            HttpStatus.CONFLICT,
                                            "payment-operation-pending",
                                            "Payment operation pending")
                                    .detail(
                                            "Another operation of this payment is in progress"
                                                    + " or has no outcome yet. Retry later.")
                                    .retryAfter(retryAfter);
                    case NOT_CAPTURABLE ->
                            Problem.of(
                                            HttpStatus.UNPROCESSABLE_CONTENT,
                                            "payment-not-capturable",
                                            "Payment not capturable")
                                    .detail("The payment was declined.");
                    case EXCEEDS_AUTHORIZED ->
                            amountNotAllowed("The amount exceeds the authorised amount.");
                    case EXCEEDS_REFUNDABLE -> amountNotAllowed(EXCEEDS_REFUNDABLE);
                    case EXCEEDS_REFUND_LIMIT ->
                            amountNotAllowed(
                                    "The refunds of the order exceed what one person may refund.");
                    case CURRENCY_NOT_ALLOWED ->
                            amountNotAllowed("The amount is in another currency than the payment.");
                    case CAPTURED_DIFFERENTLY ->
                            amountNotAllowed(
                                    "The payment was captured before, with another amount.");
                    case NOT_CAPTURED ->
                            Problem.of(
                                            HttpStatus.CONFLICT,
                                            NOT_CAPTURED_PROBLEM,
                                            "Payment not captured")
                                    .detail(
                                            "Nothing is captured, so nothing can be refunded."
                                                    + " Void the payment instead.");
                    case ALREADY_REFUNDED ->
                            Problem.of(
                                            HttpStatus.CONFLICT,
                                            ALREADY_REFUNDED_PROBLEM,
                                            "Already refunded")
                                    .detail("The whole captured amount is refunded already.");
                };
        if (payment == null) {
            return problem;
        }
        RefundableAmounts.of(payment.state(), null).ifPresent(amounts -> amounts.addTo(problem));
        return problem.with("paymentState", payment.state().code());
    }

    private static Problem noPayment() {
        return Problem.of(HttpStatus.NOT_FOUND, "payment-not-found", "Payment not found");
    }
}
