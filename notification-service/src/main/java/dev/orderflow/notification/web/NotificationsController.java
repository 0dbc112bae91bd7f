package dev.orderflow.notification.web;

import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.notification.channel.SentOnce;
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
class NotificationsController {

    private final SentOnce sentOnce;

    NotificationsController(SentOnce sentOnce) {
        this.sentOnce = sentOnce;
    }

    @GetMapping("/internal/notifications")
    List<SentOnce.Entry> notifications(
            @RequestParam(defaultValue = "UNKNOWN") SentOnce.State state) {
        return sentOnce.in(state);
    }

    /// @param eventType what the mail is about
    /// @param by who made sure that the customer knows, 1 to 100 characters on one line
    /// @param note how, 1 to 1000 characters on one line
    record Resolution(String eventType, String by, String note) {

        Resolution {
            TextLine.require("eventType", eventType, 100);
            TextLine.require("by", by, 100);
            TextLine.require("note", note, 1000);
        }
    }

    /// Settles a mail of which nobody knew whether it left. In the same words again it changes
    /// nothing.
    @PostMapping("/internal/notifications/{orderId}/resolution")
    SentOnce.Entry resolve(@PathVariable UUID orderId, @RequestBody Resolution resolution) {
        var mail =
                sentOnce.settle(orderId, resolution.eventType(), resolution.by(), resolution.note())
                        .orElseThrow(
                                () ->
                                        Problem.of(
                                                        HttpStatus.NOT_FOUND,
                                                        "mail-not-found",
                                                        "No such mail")
                                                .with("orderId", orderId));
        if (!resolution.by().equals(mail.settledBy()) || !resolution.note().equals(mail.note())) {
            throw Problem.of(HttpStatus.CONFLICT, "mail-not-unknown", "Nothing to settle")
                    .detail("It is known what became of this mail, or somebody settled it before.")
                    .with("state", mail.state());
        }
        return mail;
    }

    /// Which orders' mails are wanted.
    record Wanted(List<UUID> orderIds) {

        private static final int MOST = 200;

        Wanted {
            if (orderIds.isEmpty() || orderIds.size() > MOST) {
                throw new InvalidValueException(
                        "orderIds", "must be 1 to " + MOST + " but were " + orderIds.size());
            }
        }
    }

    record Standings(List<SentOnce.Entry> mails) {}

    @PostMapping("/internal/notifications/status-batch")
    Standings standings(@RequestBody Wanted wanted) {
        return new Standings(sentOnce.mailsOf(wanted.orderIds()));
    }
}
