package dev.orderflow.analytics.web;

import dev.orderflow.analytics.projection.Summary;
import dev.orderflow.analytics.projection.SummaryQueries;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// `GET /internal/summary`: the summary of all orders, without personal data.
@RestController
class SummaryController {

    private final SummaryQueries queries;

    SummaryController(SummaryQueries queries) {
        this.queries = queries;
    }

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/internal/summary")
    Summary summary() {
        return queries.summary();
    }
}
