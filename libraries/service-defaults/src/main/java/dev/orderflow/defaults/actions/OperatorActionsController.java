package dev.orderflow.defaults.actions;

import dev.orderflow.defaults.operators.OperatorActionEntry;
import dev.orderflow.defaults.operators.OperatorActionLog;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Lists what operators requested of this service.
@RestController
@RequestMapping(path = "/internal/operator-actions", produces = "application/json")
public class OperatorActionsController {

    /// The most actions of a page: as many as the trail shows, and one that tells whether more
    /// follow.
    public static final int MAX_PAGE_SIZE = 201;

    private final OperatorActionLog actions;

    OperatorActionsController(OperatorActionLog actions) {
        this.actions = actions;
    }

    /// Actions of operators, the newest first.
    public record OperatorActionPage(List<OperatorActionEntry> actions) {

        public OperatorActionPage {
            actions = List.copyOf(actions);
        }
    }

    /// @param subject only actions about it, exactly
    /// @param before only actions before this time, and at this time only those with a smaller id
    /// @param beforeId the id that belongs to `before`
    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    OperatorActionPage list(
            @RequestParam(required = false) @Nullable String subject,
            @RequestParam(required = false) @Nullable String before,
            @RequestParam(defaultValue = "0") @Min(0) long beforeId,
            @RequestParam(defaultValue = "50") @Min(1) @Max(MAX_PAGE_SIZE) int limit) {
        return new OperatorActionPage(
                actions.findBefore(
                        Optional.ofNullable(subject),
                        Optional.ofNullable(before).map(OperatorActionsController::parse),
                        beforeId,
                        limit));
    }

    private static Instant parse(String before) {
        try {
            var time = Instant.parse(before);
            if (OperatorActionLog.isStorable(time)) {
                return time;
            }
        } catch (DateTimeParseException _) {
            // Refused below.
        }
        throw Problem.invalid("before", "must be a time such as 2026-11-02T09:15:30Z");
    }
}
