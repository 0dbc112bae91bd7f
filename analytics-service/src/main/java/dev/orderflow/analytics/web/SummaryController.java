package dev.orderflow.analytics.web;

import dev.orderflow.analytics.projection.Summary;
import dev.orderflow.analytics.projection.SummaryQueries;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// `GET /analytics/summary`: the figures, without anybody's name, for callers with the internal API
/// key.
@RestController
class SummaryController {

    private final SummaryQueries queries;

    SummaryController(SummaryQueries figures) {
        this.queries = figures;
    }

    @GetMapping("/analytics/summary")
    Summary summary() {
        return queries.summary();
    }
}
