package dev.orderflow.analytics.web;

import dev.orderflow.analytics.projection.ProjectionReset;
import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.TextLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// `POST /internal/projections/reset`: deletes all facts and projections before a replay of the
/// archive. The operator's name and the reason are required and logged.
@RestController
class ProjectionResetController {

    private static final Logger log = LoggerFactory.getLogger(ProjectionResetController.class);

    private final ProjectionReset projectionReset;

    ProjectionResetController(ProjectionReset projectionReset) {
        this.projectionReset = projectionReset;
    }

    /// @param by the operator, 1 to 64 letters, digits and `._@-`
    /// @param reason one line of at most 200 characters
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
    ProjectionResetResult reset(@RequestBody ProjectionResetRequest request) {
        var facts = projectionReset.reset();
        log.warn(
                "{} reset the projections and deleted {} facts: {}",
                request.by(),
                facts,
                request.reason());
        return new ProjectionResetResult(facts);
    }
}
