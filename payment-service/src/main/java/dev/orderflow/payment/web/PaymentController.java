package dev.orderflow.payment.web;

import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.defaults.idempotency.IdempotentBody;
import dev.orderflow.defaults.idempotency.IdempotentRequests;
import dev.orderflow.defaults.idempotency.RequestFingerprint;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.payment.domain.OperationResult;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentCommand;
import dev.orderflow.payment.domain.PaymentDecision.PaymentRefusal;
import dev.orderflow.payment.domain.PaymentStatus;
import dev.orderflow.payment.gateway.GatewayResult.RefusalSubject;
import dev.orderflow.payment.operation.AuthorizationVerification;
import dev.orderflow.payment.operation.PaymentProperties;
import dev.orderflow.payment.operation.PaymentResult;
import dev.orderflow.payment.operation.PaymentService;
import dev.orderflow.payment.web.PaymentResponses.AuthorizationVerificationView;
import dev.orderflow.payment.web.PaymentResponses.OperationResponse;
import dev.orderflow.payment.web.PaymentResponses.PaymentView;
import dev.orderflow.payment.web.PaymentResponses.RefundableAmounts;
import java.math.BigDecimal;
import java.time.Duration;
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
class PaymentController {

    private final PaymentService service;
    private final Duration retryAfter;

    PaymentController(PaymentService desk, PaymentProperties properties) {
        this.service = desk;
        this.retryAfter = properties.retryAfter();
    }

    @PostMapping("/{orderId}/authorization")
    ResponseEntity<OperationResponse> authorize(
            @PathVariable UUID orderId,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody IdempotentBody<PaymentRequests.AuthorizationRequest> body) {
        return perform(body.value().toCommand(orderId), key, body.fingerprint());
    }

    @PostMapping("/{orderId}/capture")
    ResponseEntity<OperationResponse> capture(
            @PathVariable UUID orderId,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody IdempotentBody<PaymentRequests.CaptureRequest> body) {
        return perform(body.value().toCommand(orderId), key, body.fingerprint());
    }

    @PostMapping("/{orderId}/void")
    ResponseEntity<OperationResponse> voidPayment(
            @PathVariable UUID orderId,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody IdempotentBody<PaymentRequests.VoidRequest> body) {
        return perform(body.value().toCommand(orderId), key, body.fingerprint());
    }

    @PostMapping("/{orderId}/refund")
    ResponseEntity<OperationResponse> refund(
            @PathVariable UUID orderId,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody IdempotentBody<PaymentRequests.RefundRequest> body) {
        return perform(body.value().toCommand(orderId), key, body.fingerprint());
    }

    /// Whether an order may be dispatched because its money can be captured afterwards. To be asked
    /// shortly before; asking changes nothing but what the gateway has changed.
    @PostMapping("/{orderId}/authorization-verification")
    AuthorizationVerificationView verifyAuthorization(@PathVariable UUID orderId) {
        return switch (service.verifyAuthorization(orderId)) {
            case AuthorizationVerification.AuthorizationVerified(
                            var payment,
                            boolean lasts,
                            var until) ->
                    new AuthorizationVerificationView(
                            orderId, payment.state().status(), lasts, until);
            case AuthorizationVerification.PaymentMissing _ -> throw noPayment();
            case AuthorizationVerification.OperationPending(var payment) ->
                    throw toRefusedProblem(PaymentRefusal.OPERATION_PENDING, payment)
                            .with("orderId", orderId);
            case AuthorizationVerification.AuthorizationStatusUnavailable _ ->
                    throw Problem.of(
                                    HttpStatus.SERVICE_UNAVAILABLE,
                                    "gateway-unavailable",
                                    "Gateway unavailable")
                            .detail("The gateway did not say whether the hold lasts.")
                            .with("orderId", orderId)
                            .retryAfter(retryAfter);
        };
    }

    /// Takes over what the gateway has, when a person has found that it is right: a refund or a
    /// cancellation made there counts here from now on.
    @PostMapping("/{orderId}/reconciliation")
    PaymentView reconcile(@PathVariable UUID orderId) {
        service.adoptGatewayState(orderId)
                .ifPresent(
                        refusal -> {
                            throw toRefusedProblem(
                                            refusal, service.findPayment(orderId).orElse(null))
                                    .with("orderId", orderId);
                        });
        return findPayment(orderId);
    }

    @GetMapping("/{orderId}")
    PaymentView findPayment(@PathVariable UUID orderId) {
        return service.findPayment(orderId)
                .map(payment -> PaymentView.of(payment, service.findOperations(orderId)))
                .orElseThrow(PaymentController::noPayment);
    }

    @GetMapping("/by-key/{key}")
    PaymentView findByKey(@PathVariable String key) {
        return service.findOperation(IdempotencyKey.required(key).value())
                .map(operation -> findPayment(operation.orderId()))
                .orElseThrow(PaymentController::noPayment);
    }

    private ResponseEntity<OperationResponse> perform(
            PaymentCommand request, @Nullable String key, RequestFingerprint fingerprint) {
        return switch (service.perform(
                request, IdempotencyKey.required(key).value(), fingerprint)) {
            case PaymentResult.OperationCompleted answered -> toResponse(answered);
            case PaymentResult.RequestInFlight _ ->
                    throw Problem.of(HttpStatus.CONFLICT, "request-in-flight", "Request in flight")
                            .detail("The first request with this key is still at work.")
                            .retryAfter(retryAfter);
            case PaymentResult.IdempotencyKeyReused _ ->
                    throw Problem.of(
                                    HttpStatus.UNPROCESSABLE_CONTENT,
                                    "idempotency-key-reused",
                                    "Idempotency-Key reused")
                            .detail("This key came with another request before.");
            case PaymentResult.PaymentRefused(var refusal, var payment) ->
                    throw toRefusedProblem(refusal, payment).with("orderId", request.orderId());
            case PaymentResult.GatewayRefused refused ->
                    throw toGatewayRefusedProblem(request, refused)
                            .with("gatewayCode", refused.code())
                            .with("orderId", request.orderId())
                            .with("paymentStatus", refused.payment().state().status());
            case PaymentResult.OutcomeUnknown _ ->
                    throw Problem.of(
                                    HttpStatus.SERVICE_UNAVAILABLE,
                                    "payment-outcome-unknown",
                                    "Payment outcome unknown")
                            .detail("The gateway did not answer. Repeat with the same key.")
                            .with("orderId", request.orderId())
                            .retryAfter(retryAfter);
            case PaymentResult.GatewayUnavailable _ ->
                    throw Problem.of(
                                    HttpStatus.SERVICE_UNAVAILABLE,
                                    "gateway-unavailable",
                                    "Gateway unavailable")
                            .detail("Nothing was done. Repeat with the same key.")
                            .with("orderId", request.orderId())
                            .retryAfter(retryAfter);
        };
    }

    private static ResponseEntity<OperationResponse> toResponse(
            PaymentResult.OperationCompleted answered) {
        return switch (answered.result()) {
            case OperationResult.OperationSucceeded done ->
                    toSuccess(
                            answered,
                            done.status() == PaymentStatus.AUTHORIZED
                                    ? HttpStatus.CREATED
                                    : HttpStatus.OK,
                            OperationResponse.of(answered, done));
            case OperationResult.RefundSucceeded back ->
                    toSuccess(answered, HttpStatus.OK, OperationResponse.of(answered, back));
            case OperationResult.AuthorizationDeclined(var code) ->
                    throw toStoredProblem(
                            answered,
                            Problem.of(
                                            HttpStatus.PAYMENT_REQUIRED,
                                            "payment-declined",
                                            "Payment declined")
                                    .with("declineCode", code));
            case OperationResult.AlreadyVoided _ ->
                    throw toStoredProblem(
                            answered,
                            Problem.of(HttpStatus.GONE, "payment-voided", "Payment voided")
                                    .detail("A void came first."));
            // Not 409: that is retried, and no repetition helps here.
            case OperationResult.AlreadyCaptured _ ->
                    throw toStoredProblem(
                            answered,
                            Problem.of(
                                            HttpStatus.PRECONDITION_FAILED,
                                            "already-captured",
                                            "Already captured")
                                    .detail("The money is taken; only a refund gives it back."));
        };
    }

    private static ResponseEntity<OperationResponse> toSuccess(
            PaymentResult.OperationCompleted answered, HttpStatus status, OperationResponse body) {
        var response = ResponseEntity.status(status);
        if (answered.replayed()) {
            response.header(IdempotentRequests.REPLAYED_HEADER, "true");
        }
        return response.body(body);
    }

    /// Statuses that are not repeated: 402, 422 and 424 say what the customer can do about it.
    private static Problem toGatewayRefusedProblem(
            PaymentCommand request, PaymentResult.GatewayRefused refused) {
        var left = RefundableAmounts.of(refused.payment().state(), refused.refundedAtGateway());
        if (request instanceof PaymentCommand.RefundPayment(var _, var amount, var _)
                && left.isPresent()
                && new BigDecimal(left.get().refundable().amount()).compareTo(amount.amount())
                        < 0) {
            return left.get().addTo(amountNotAllowed());
        }
        if (refused.subject() == RefusalSubject.AMOUNT
                && request instanceof PaymentCommand.AuthorizePayment) {
            return Problem.of(
                            HttpStatus.UNPROCESSABLE_CONTENT,
                            "payment-not-possible",
                            "Payment not possible")
                    .detail("The gateway does not take this amount or its currency.");
        }
        var problem =
                Problem.of(HttpStatus.FAILED_DEPENDENCY, "gateway-refused", "Gateway refused")
                        .detail("Nothing was done, and repeating it does not help.");
        return left.map(refundable -> refundable.addTo(problem)).orElse(problem);
    }

    private static Problem amountNotAllowed() {
        return Problem.of(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "amount-not-allowed",
                        "Amount not allowed")
                .detail("Amount exceeds the authorised or captured amount.");
    }

    private static Problem toStoredProblem(
            PaymentResult.OperationCompleted answered, Problem problem) {
        if (answered.replayed()) {
            problem.getHeaders().set(IdempotentRequests.REPLAYED_HEADER, "true");
        }
        return problem.with("orderId", answered.orderId()).with("paymentId", answered.paymentId());
    }

    private Problem toRefusedProblem(PaymentRefusal refusal, @Nullable Payment payment) {
        var problem =
                switch (refusal) {
                    case NO_PAYMENT -> noPayment();
                    case AUTHORIZATION_EXISTS ->
                            Problem.of(
                                            HttpStatus.CONFLICT,
                                            "authorization-exists",
                                            "Authorization exists")
                                    .detail("The order was authorised under another key.");
                    case OPERATION_PENDING ->
                            Problem.of(
                                            HttpStatus.CONFLICT,
                                            "payment-operation-pending",
                                            "Payment operation pending")
                                    .detail("What came before has no outcome yet.")
                                    .retryAfter(retryAfter);
                    case NOT_CAPTURABLE ->
                            Problem.of(
                                            HttpStatus.UNPROCESSABLE_CONTENT,
                                            "payment-not-capturable",
                                            "Payment not capturable")
                                    .detail("The payment was declined.");
                    case AMOUNT_NOT_ALLOWED -> amountNotAllowed();
                    case NOT_CAPTURED ->
                            Problem.of(
                                            HttpStatus.CONFLICT,
                                            "payment-not-captured",
                                            "Payment not captured")
                                    .detail("Nothing was taken that could be given back.");
                    case ALREADY_REFUNDED ->
                            Problem.of(HttpStatus.CONFLICT, "already-refunded", "Already refunded")
                                    .detail("All of it was given back before.");
                };
        if (payment == null) {
            return problem;
        }
        RefundableAmounts.of(payment.state(), null).ifPresent(left -> left.addTo(problem));
        return problem.with("paymentStatus", payment.state().status());
    }

    private static Problem noPayment() {
        return Problem.of(HttpStatus.NOT_FOUND, "payment-not-found", "Payment not found");
    }
}
