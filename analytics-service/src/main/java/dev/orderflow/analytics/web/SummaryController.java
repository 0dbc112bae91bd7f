package dev.orderflow.analytics.web;

import dev.orderflow.analytics.projection.Figures;
import dev.orderflow.analytics.projection.Summary;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// `GET /analytics/summary`: the figures, without anybody's name, for callers with the internal API
/// key.
@RestController
class SummaryController {

    private final Figures figures;

    SummaryController(Figures figures) {
        this.figures = figures;
    }

    @GetMapping("/analytics/summary")
    Summary summary() {
        return figures.summary();
    }
}
