package dev.orderflow.payment.web;

import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.defaults.idempotency.IdempotentBody;
import dev.orderflow.defaults.idempotency.IdempotentRequests;
import dev.orderflow.defaults.idempotency.RequestFingerprint;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.payment.domain.Answer;
import dev.orderflow.payment.domain.Decision.Refusal;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.Request;
import dev.orderflow.payment.domain.Status;
import dev.orderflow.payment.gateway.GatewayAnswer.Subject;
import dev.orderflow.payment.operation.HoldVerification;
import dev.orderflow.payment.operation.PaymentDesk;
import dev.orderflow.payment.operation.PaymentProperties;
import dev.orderflow.payment.operation.Reply;
import dev.orderflow.payment.web.PaymentAnswers.Done;
import dev.orderflow.payment.web.PaymentAnswers.HoldView;
import dev.orderflow.payment.web.PaymentAnswers.PaymentView;
import dev.orderflow.payment.web.PaymentAnswers.Refundable;
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

    private final PaymentDesk desk;
    private final Duration retryAfter;

    PaymentController(PaymentDesk desk, PaymentProperties properties) {
        this.desk = desk;
        this.retryAfter = properties.retryAfter();
    }

    @PostMapping("/{orderId}/authorization")
    ResponseEntity<Done> authorize(
            @PathVariable UUID orderId,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody IdempotentBody<PaymentRequests.Authorization> body) {
        return performed(body.value().of(orderId), key, body.fingerprint());
    }

    @PostMapping("/{orderId}/capture")
    ResponseEntity<Done> capture(
            @PathVariable UUID orderId,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody IdempotentBody<PaymentRequests.Capture> body) {
        return performed(body.value().of(orderId), key, body.fingerprint());
    }

    @PostMapping("/{orderId}/void")
    ResponseEntity<Done> letGo(
            @PathVariable UUID orderId,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody IdempotentBody<PaymentRequests.Void> body) {
        return performed(body.value().of(orderId), key, body.fingerprint());
    }

    @PostMapping("/{orderId}/refund")
    ResponseEntity<Done> refund(
            @PathVariable UUID orderId,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody IdempotentBody<PaymentRequests.Refund> body) {
        return performed(body.value().of(orderId), key, body.fingerprint());
    }

    /// Whether an order may be dispatched because its money can be captured afterwards. To be asked
    /// shortly before; asking changes nothing but what the gateway has changed.
    @PostMapping("/{orderId}/hold-verification")
    HoldView verifyHold(@PathVariable UUID orderId) {
        return switch (desk.verifyHold(orderId)) {
            case HoldVerification.Verified(var payment, boolean lasts, var until) ->
                    new HoldView(orderId, payment.state().status(), lasts, until);
            case HoldVerification.NoPayment _ -> throw noPayment();
            case HoldVerification.NotSettled(var payment) ->
                    throw refused(Refusal.NOT_SETTLED, payment).with("orderId", orderId);
            case HoldVerification.GatewayUnavailable _ ->
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
        desk.takeOver(orderId)
                .ifPresent(
                        refusal -> {
                            throw refused(refusal, desk.payment(orderId).orElse(null))
                                    .with("orderId", orderId);
                        });
        return payment(orderId);
    }

    @GetMapping("/{orderId}")
    PaymentView payment(@PathVariable UUID orderId) {
        return desk.payment(orderId)
                .map(payment -> PaymentView.of(payment, desk.operations(orderId)))
                .orElseThrow(PaymentController::noPayment);
    }

    @GetMapping("/by-key/{key}")
    PaymentView byKey(@PathVariable String key) {
        return desk.operation(IdempotencyKey.required(key).value())
                .map(operation -> payment(operation.orderId()))
                .orElseThrow(PaymentController::noPayment);
    }

    private ResponseEntity<Done> performed(
            Request request, @Nullable String key, RequestFingerprint fingerprint) {
        return switch (desk.perform(request, IdempotencyKey.required(key).value(), fingerprint)) {
            case Reply.Answered answered -> answer(answered);
            case Reply.InFlight _ ->
                    throw Problem.of(HttpStatus.CONFLICT, "request-in-flight", "Request in flight")
                            .detail("The first request with this key is still at work.")
                            .retryAfter(retryAfter);
            case Reply.KeyReused _ ->
                    throw Problem.of(
                                    HttpStatus.UNPROCESSABLE_CONTENT,
                                    "idempotency-key-reused",
                                    "Idempotency-Key reused")
                            .detail("This key came with another request before.");
            case Reply.Refused(var refusal, var payment) ->
                    throw refused(refusal, payment).with("orderId", request.orderId());
            case Reply.GatewayRefused refused ->
                    throw gatewayRefused(request, refused)
                            .with("gatewayCode", refused.code())
                            .with("orderId", request.orderId())
                            .with("paymentStatus", refused.payment().state().status());
            case Reply.OutcomeUnknown _ ->
                    throw Problem.of(
                                    HttpStatus.SERVICE_UNAVAILABLE,
                                    "payment-outcome-unknown",
                                    "Payment outcome unknown")
                            .detail("The gateway did not answer. Repeat with the same key.")
                            .with("orderId", request.orderId())
                            .retryAfter(retryAfter);
            case Reply.GatewayUnavailable _ ->
                    throw Problem.of(
                                    HttpStatus.SERVICE_UNAVAILABLE,
                                    "gateway-unavailable",
                                    "Gateway unavailable")
                            .detail("Nothing was done. Repeat with the same key.")
                            .with("orderId", request.orderId())
                            .retryAfter(retryAfter);
        };
    }

    private static ResponseEntity<Done> answer(Reply.Answered answered) {
        return switch (answered.answer()) {
            case Answer.Done done ->
                    done(
                            answered,
                            done.status() == Status.AUTHORIZED ? HttpStatus.CREATED : HttpStatus.OK,
                            Done.of(answered, done));
            case Answer.GivenBack back -> done(answered, HttpStatus.OK, Done.of(answered, back));
            case Answer.Declined(var code) ->
                    throw stored(
                            answered,
                            Problem.of(
                                            HttpStatus.PAYMENT_REQUIRED,
                                            "payment-declined",
                                            "Payment declined")
                                    .with("declineCode", code));
            case Answer.VoidedBefore _ ->
                    throw stored(
                            answered,
                            Problem.of(HttpStatus.GONE, "payment-voided", "Payment voided")
                                    .detail("A void came first."));
            // Not 409: that is retried, and no repetition helps here.
            case Answer.CapturedBefore _ ->
                    throw stored(
                            answered,
                            Problem.of(
                                            HttpStatus.PRECONDITION_FAILED,
                                            "already-captured",
                                            "Already captured")
                                    .detail("The money is taken; only a refund gives it back."));
        };
    }

    private static ResponseEntity<Done> done(
            Reply.Answered answered, HttpStatus status, Done body) {
        var response = ResponseEntity.status(status);
        if (answered.repeated()) {
            response.header(IdempotentRequests.REPLAYED_HEADER, "true");
        }
        return response.body(body);
    }

    /// Statuses that are not repeated: 402, 422 and 424 say what the customer can do about it.
    private static Problem gatewayRefused(Request request, Reply.GatewayRefused refused) {
        var left = Refundable.of(refused.payment().state(), refused.refundedAtGateway());
        if (request instanceof Request.Refund(var _, var amount, var _)
                && left.isPresent()
                && new BigDecimal(left.get().refundable().amount()).compareTo(amount.amount())
                        < 0) {
            return left.get().addTo(amountNotAllowed());
        }
        if (refused.subject() == Subject.AMOUNT && request instanceof Request.Authorize) {
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

    private static Problem stored(Reply.Answered answered, Problem problem) {
        if (answered.repeated()) {
            problem.getHeaders().set(IdempotentRequests.REPLAYED_HEADER, "true");
        }
        return problem.with("orderId", answered.orderId()).with("paymentId", answered.paymentId());
    }

    private Problem refused(Refusal refusal, @Nullable Payment payment) {
        var problem =
                switch (refusal) {
                    case NO_PAYMENT -> noPayment();
                    case AUTHORIZATION_EXISTS ->
                            Problem.of(
                                            HttpStatus.CONFLICT,
                                            "authorization-exists",
                                            "Authorization exists")
                                    .detail("The order was authorised under another key.");
                    case NOT_SETTLED ->
                            Problem.of(
                                            HttpStatus.CONFLICT,
                                            "payment-not-settled",
                                            "Payment not settled")
                                    .detail("What came before has no outcome yet.")
                                    .retryAfter(retryAfter);
                    case NOT_CAPTURABLE ->
                            Problem.of(
                                            HttpStatus.UNPROCESSABLE_CONTENT,
                                            "payment-not-capturable",
                                            "Payment not capturable")
                                    .detail("The payment was declined.");
                    case OTHER_AMOUNT -> amountNotAllowed();
                    case NOT_CAPTURED ->
                            Problem.of(
                                            HttpStatus.CONFLICT,
                                            "payment-not-captured",
                                            "Payment not captured")
                                    .detail("Nothing was taken that could be given back.");
                    case REFUNDED_BEFORE ->
                            Problem.of(HttpStatus.CONFLICT, "already-refunded", "Already refunded")
                                    .detail("All of it was given back before.");
                };
        if (payment == null) {
            return problem;
        }
        Refundable.of(payment.state(), null).ifPresent(left -> left.addTo(problem));
        return problem.with("paymentStatus", payment.state().status());
    }

    private static Problem noPayment() {
        return Problem.of(HttpStatus.NOT_FOUND, "payment-not-found", "Payment not found");
    }
}
