package dev.orderflow.analytics.web;

import dev.orderflow.analytics.projection.ProjectionReset;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRequest;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForOperators;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// `POST /internal/projections/reset`: deletes all facts and projections before a replay of the
/// archive. The operator and the reason are logged.
@RestController
class ProjectionResetController {

    private static final Logger log = LoggerFactory.getLogger(ProjectionResetController.class);

    private final ProjectionReset projectionReset;

    ProjectionResetController(ProjectionReset projectionReset) {
        this.projectionReset = projectionReset;
    }

    /// @param reason one line of at most 200 characters
    record ProjectionResetRequest(String reason) {

        ProjectionResetRequest {
            TextLine.require("reason", reason, 200);
        }
    }

    record ProjectionResetResult(long deletedFacts) {}

    @ForOperators(value = OperatorRole.ADMINISTRATOR, action = "RESET_PROJECTIONS")
    @PostMapping("/internal/projections/reset")
    ProjectionResetResult reset(
            @RequestBody ProjectionResetRequest request,
            Operator operator,
            OperatorRequest recorded) {
        recorded.describe("projections", request.reason(), null);
        var facts = projectionReset.reset();
        log.info(
                "operator {} reset the projections and deleted {} facts: {}",
                operator,
                facts,
                request.reason());
        return new ProjectionResetResult(facts);
    }
}
