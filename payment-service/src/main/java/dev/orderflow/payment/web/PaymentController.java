package dev.orderflow.payment.web;

import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.defaults.idempotency.IdempotentRequests;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.payment.domain.Answer;
import dev.orderflow.payment.domain.Decision.Refusal;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.Request;
import dev.orderflow.payment.domain.Status;
import dev.orderflow.payment.operation.PaymentDesk;
import dev.orderflow.payment.operation.PaymentProperties;
import dev.orderflow.payment.operation.Reply;
import dev.orderflow.payment.web.PaymentAnswers.Amount;
import dev.orderflow.payment.web.PaymentAnswers.Done;
import dev.orderflow.payment.web.PaymentAnswers.PaymentView;
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
            @RequestBody PaymentRequests.Authorization body) {
        return performed(body.of(orderId), key);
    }

    @PostMapping("/{orderId}/capture")
    ResponseEntity<Done> capture(
            @PathVariable UUID orderId,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody PaymentRequests.Capture body) {
        return performed(body.of(orderId), key);
    }

    @PostMapping("/{orderId}/void")
    ResponseEntity<Done> letGo(
            @PathVariable UUID orderId,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody PaymentRequests.Void body) {
        return performed(body.of(orderId), key);
    }

    @PostMapping("/{orderId}/refund")
    ResponseEntity<Done> refund(
            @PathVariable UUID orderId,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody PaymentRequests.Refund body) {
        return performed(body.of(orderId), key);
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

    private ResponseEntity<Done> performed(Request request, @Nullable String key) {
        return switch (desk.perform(request, IdempotencyKey.required(key).value())) {
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
            case Answer.Done(var status, var amount) -> {
                var response =
                        ResponseEntity.status(
                                status == Status.AUTHORIZED ? HttpStatus.CREATED : HttpStatus.OK);
                if (answered.repeated()) {
                    response.header(IdempotentRequests.REPLAYED_HEADER, "true");
                }
                yield response.body(
                        new Done(
                                answered.paymentId(),
                                answered.orderId(),
                                status,
                                Amount.of(amount)));
            }
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
                    case OTHER_AMOUNT ->
                            Problem.of(
                                            HttpStatus.UNPROCESSABLE_CONTENT,
                                            "amount-not-allowed",
                                            "Amount not allowed")
                                    .detail("It is not within what is held or taken.");
                    case NOT_CAPTURED ->
                            Problem.of(
                                            HttpStatus.CONFLICT,
                                            "payment-not-captured",
                                            "Payment not captured")
                                    .detail("Nothing was taken that could be given back.");
                    case REFUNDED_BEFORE ->
                            Problem.of(HttpStatus.CONFLICT, "already-refunded", "Already refunded")
                                    .detail("It was given back under another key.");
                };
        return payment == null ? problem : problem.with("status", payment.state().status());
    }

    private static Problem noPayment() {
        return Problem.of(HttpStatus.NOT_FOUND, "payment-not-found", "Payment not found");
    }
}
