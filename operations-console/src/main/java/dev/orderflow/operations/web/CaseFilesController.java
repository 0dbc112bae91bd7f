package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.defaults.history.OrderHistoryOutcome;
import dev.orderflow.defaults.history.OrderHistoryState;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.casefile.CaseFile;
import dev.orderflow.operations.casefile.CaseFileService;
import dev.orderflow.operations.orders.OrderSearchClient;
import dev.orderflow.operations.services.ServiceProblemException;
import dev.orderflow.operations.services.ServiceUnavailableException;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// Searches orders, and shows their case files.
@RestController
@RequestMapping(path = "/internal/operations/orders", produces = "application/json")
class CaseFilesController {

    private final CaseFileService caseFiles;
    private final OrderSearchClient search;

    CaseFilesController(CaseFileService caseFiles, OrderSearchClient search) {
        this.caseFiles = caseFiles;
        this.search = search;
    }

    /// @param complete whether every part responded with all it knows, and nothing is omitted
    /// @param omitted how many entries in the middle of the timeline are left out
    record CaseFileBody(
            UUID orderId,
            boolean complete,
            int omitted,
            List<PartBody> parts,
            List<OrderHistoryState> states,
            List<CaseFileEntryBody> timeline,
            List<GapBody> gaps) {

        static CaseFileBody of(CaseFile file) {
            return new CaseFileBody(
                    file.orderId(),
                    file.complete(),
                    file.omitted(),
                    file.parts().stream().map(PartBody::of).toList(),
                    file.states(),
                    file.timeline().stream().map(CaseFileEntryBody::of).toList(),
                    file.gaps().stream().map(GapBody::of).toList());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PartBody(
            String part,
            boolean available,
            boolean complete,
            int entries,
            @Nullable String problem,
            @Nullable Instant unavailableSince) {

        static PartBody of(CaseFile.PartReport report) {
            return new PartBody(
                    report.part(),
                    report.available(),
                    report.complete(),
                    report.entries(),
                    report.problem().orElse(null),
                    report.unavailableSince().orElse(null));
        }
    }

    /// @param part the part that knows the entry
    /// @param participant who did it
    /// @param link the path of its record at the internal API of the part
    /// @param clocksDiffer whether an entry before it has a later time
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CaseFileEntryBody(
            Instant at,
            @Nullable Instant until,
            String part,
            String participant,
            String type,
            OrderHistoryOutcome outcome,
            String summary,
            Map<String, String> ids,
            @Nullable String link,
            boolean clocksDiffer) {

        static CaseFileEntryBody of(CaseFile.CaseFileEntry each) {
            var entry = each.entry();
            return new CaseFileEntryBody(
                    entry.at(),
                    entry.until(),
                    each.part(),
                    entry.participant(),
                    entry.type(),
                    entry.outcome(),
                    entry.summary(),
                    entry.ids(),
                    entry.link(),
                    each.isOutOfTime());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record GapBody(Instant from, @Nullable Instant until, String waitingFor, String reason) {

        static GapBody of(CaseFile.CaseFileGap gap) {
            return new GapBody(
                    gap.from(), gap.until().orElse(null), gap.waitingFor(), gap.reason());
        }
    }

    /// The orders that match a filter, the newest first: by `state`, `workItem` (a kind, or `ANY`),
    /// `placedBefore`, `placedAfter`, `sku`, `minAmount` and `maxAmount` with `currency`, `reason`
    /// of the rejection, and `customerRef`; paged by `cursor` and `limit`.
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    JsonNode search(@RequestParam Map<String, String> parameters) {
        for (var name : parameters.keySet()) {
            if (!OrderSearchClient.PARAMETERS.contains(name)) {
                throw Problem.invalid(
                        printable(name), "must be one of " + OrderSearchClient.PARAMETERS);
            }
        }
        try {
            return search.search(parameters);
        } catch (ServiceProblemException problem) {
            if (problem.status() == HttpStatus.BAD_REQUEST.value()) {
                throw passOn(problem.problem());
            }
            throw ServiceProblems.unavailable(String.valueOf(problem.getMessage()));
        } catch (ServiceUnavailableException unavailable) {
            throw ServiceProblems.unavailable(String.valueOf(unavailable.getMessage()));
        }
    }

    private static String printable(String name) {
        var text = name.replaceAll("[^\\x20-\\x7E]", "?");
        return text.length() <= 40 ? text : text.substring(0, 40);
    }

    /// A refusal of order-service names the field.
    private static Problem passOn(JsonNode problem) {
        var answer =
                Problem.of(HttpStatus.BAD_REQUEST, "invalid-request", "Invalid request")
                        .detail(problem.path("detail").asString("A filter is invalid."));
        return problem.path("errors").isArray()
                ? answer.with("errors", problem.path("errors"))
                : answer;
    }

    /// The case file of an order: what every part of the system knows about it, in one timeline.
    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/{orderId}")
    CaseFileBody caseFile(
            @PathVariable UUID orderId,
            @RequestParam(defaultValue = "500") @Min(10) @Max(2_000) int limit) {
        return switch (caseFiles.find(orderId, limit)) {
            case CaseFileService.CaseFileResult.CaseFileFound(var file) -> CaseFileBody.of(file);
            case CaseFileService.CaseFileResult.CaseFileMissing _ ->
                    throw Problem.of(HttpStatus.NOT_FOUND, "order-not-found", "Order not found")
                            .with("orderId", orderId);
        };
    }
}
