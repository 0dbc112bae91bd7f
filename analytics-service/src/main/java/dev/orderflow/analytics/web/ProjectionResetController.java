package dev.orderflow.analytics.web;

import dev.orderflow.analytics.projection.ProjectionReset;
import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.TextLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// `POST /internal/projections/reset`: forgets all facts, before a replay of the archive tells
/// them again. For operators, with their name and a reason, both of which are logged.
@RestController
class ProjectionResetController {

    private static final Logger log = LoggerFactory.getLogger(ProjectionResetController.class);

    private final ProjectionReset projectionReset;

    ProjectionResetController(ProjectionReset rebuild) {
        this.projectionReset = rebuild;
    }

    /// @param by who wants it, 1 to 64 letters, digits and `._@-`
    /// @param reason why, one line of at most 200 characters
    record ProjectionResetRequest(String by, String reason) {

        ProjectionResetRequest {
            if (!by.matches("[A-Za-z0-9._@-]{1,64}")) {
                throw new InvalidValueException("by", "must be 1 to 64 letters, digits or ._@-");
            }
            TextLine.require("reason", reason, 200);
        }
    }

    record ProjectionResetResult(long deletedFacts) {}

    @PostMapping("/internal/projections/reset")
    ProjectionResetResult reset(@RequestBody ProjectionResetRequest wish) {
        var facts = projectionReset.reset();
        log.warn("{} emptied the projections of {} facts: {}", wish.by(), facts, wish.reason());
        return new ProjectionResetResult(facts);
    }
}
