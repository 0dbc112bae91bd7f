package dev.orderflow.notification.web;

import dev.orderflow.contracts.value.StateBatchRequest;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRequest;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.notification.channel.NotificationLog;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Lists notifications and resolves e-mails with unknown delivery status, for operators.
@RestController
class NotificationController {

    private final NotificationLog notificationLog;

    NotificationController(NotificationLog notificationLog) {
        this.notificationLog = notificationLog;
    }

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/internal/notifications")
    NotificationLog.NotificationPage findByState(
            @RequestParam(defaultValue = "UNKNOWN") NotificationLog.NotificationState state,
            @RequestParam(required = false) @Nullable UUID cursor,
            @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit) {
        return notificationLog.findByState(state, cursor, limit);
    }

    /// @param eventType the type of the event that the e-mail is about
    /// @param note how it is known that the customer is informed, 1 to 1000 characters on one line
    record EmailResolution(String eventType, String note) {

        EmailResolution {
            TextLine.require("eventType", eventType, 100);
            TextLine.require("note", note, TextLine.MAX_NOTE_LENGTH);
        }
    }

    /// Resolves an e-mail with unknown delivery status. A repetition with the same operator and
    /// note changes nothing.
    @ForOperators(value = OperatorRole.OPERATOR, action = "RESOLVE_EMAIL")
    @PostMapping("/internal/notifications/{orderId}/resolution")
    NotificationLog.NotificationEntry resolve(
            @PathVariable UUID orderId,
            @RequestBody EmailResolution resolution,
            Operator operator,
            OperatorRequest request) {
        request.describe(orderId.toString(), resolution.note(), resolution.eventType());
        var email =
                notificationLog
                        .resolve(orderId, resolution.eventType(), operator, resolution.note())
                        .orElseThrow(
                                () ->
                                        Problem.of(
                                                        HttpStatus.NOT_FOUND,
                                                        "email-not-found",
                                                        "E-mail not found")
                                                .with("orderId", orderId));
        if (!operator.subject().equals(email.resolvedBy())
                || !resolution.note().equals(email.note())) {
            throw Problem.of(
                            HttpStatus.CONFLICT,
                            "email-status-known",
                            "E-mail status already known")
                    .detail("The delivery status of this e-mail is known or was resolved before.")
                    .with("state", email.state());
        }
        return email;
    }

    record NotificationStateBatch(List<NotificationLog.NotificationEntry> emails) {}

    @ForMachines
    @PostMapping("/internal/notifications/state-batch")
    NotificationStateBatch findStates(@RequestBody StateBatchRequest request) {
        return new NotificationStateBatch(notificationLog.findEmails(request.orderIds()));
    }
}
