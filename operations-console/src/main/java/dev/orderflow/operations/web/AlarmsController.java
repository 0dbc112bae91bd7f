package dev.orderflow.operations.web;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.alarms.AlarmQueries;
import dev.orderflow.operations.services.AwsFailureDescription;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import software.amazon.awssdk.core.exception.SdkException;

/// Lists the alarms.
@RestController
class AlarmsController {

    private final AlarmQueries alarms;

    AlarmsController(AlarmQueries alarms) {
        this.alarms = alarms;
    }

    record AlarmsBody(List<AlarmQueries.AlarmReport> alarms) {}

    /// The alarms in the state ALARM, or all.
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping(path = "/internal/operations/alarms", produces = "application/json")
    AlarmsBody list(@RequestParam(defaultValue = "false") boolean all) {
        try {
            return new AlarmsBody(alarms.find(!all));
        } catch (SdkException failure) {
            throw ServiceProblems.unavailable(
                    AwsFailureDescription.describe("CloudWatch", failure));
        }
    }
}
