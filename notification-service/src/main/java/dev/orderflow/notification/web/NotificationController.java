package dev.orderflow.notification.web;

import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.notification.channel.NotificationLog;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// For operators: what was told, and what nobody knows to have been told.
@RestController
class NotificationController {

    private final NotificationLog notificationLog;

    NotificationController(NotificationLog sentOnce) {
        this.notificationLog = sentOnce;
    }

    @GetMapping("/internal/notifications")
    List<NotificationLog.NotificationEntry> findByState(
            @RequestParam(defaultValue = "UNKNOWN") NotificationLog.NotificationState state) {
        return notificationLog.findByState(state);
    }

    /// @param eventType what the mail is about
    /// @param by who made sure that the customer knows, 1 to 100 characters on one line
    /// @param note how, 1 to 1000 characters on one line
    record EmailResolution(String eventType, String by, String note) {

        EmailResolution {
            TextLine.require("eventType", eventType, 100);
            TextLine.require("by", by, 100);
            TextLine.require("note", note, 1000);
        }
    }

    /// Settles a mail of which nobody knew whether it left. In the same words again it changes
    /// nothing.
    @PostMapping("/internal/notifications/{orderId}/resolution")
    NotificationLog.NotificationEntry resolve(
            @PathVariable UUID orderId, @RequestBody EmailResolution resolution) {
        var mail =
                notificationLog
                        .settle(orderId, resolution.eventType(), resolution.by(), resolution.note())
                        .orElseThrow(
                                () ->
                                        Problem.of(
                                                        HttpStatus.NOT_FOUND,
                                                        "email-not-found",
                                                        "E-mail not found")
                                                .with("orderId", orderId));
        if (!resolution.by().equals(mail.resolvedBy()) || !resolution.note().equals(mail.note())) {
            throw Problem.of(
                            HttpStatus.CONFLICT,
                            "email-status-known",
                            "E-mail status already known")
                    .detail("The delivery status of this e-mail is known or was resolved before.")
                    .with("state", mail.state());
        }
        return mail;
    }

    /// Which orders' mails are wanted.
    record NotificationStatusBatchRequest(List<UUID> orderIds) {

        private static final int MAX_ORDERS = 200;

        NotificationStatusBatchRequest {
            if (orderIds.isEmpty() || orderIds.size() > MAX_ORDERS) {
                throw new InvalidValueException(
                        "orderIds", "must be 1 to " + MAX_ORDERS + " but were " + orderIds.size());
            }
        }
    }

    record NotificationStatusBatch(List<NotificationLog.NotificationEntry> emails) {}

    @PostMapping("/internal/notifications/status-batch")
    NotificationStatusBatch findStatuses(@RequestBody NotificationStatusBatchRequest wanted) {
        return new NotificationStatusBatch(notificationLog.findEmails(wanted.orderIds()));
    }
}
