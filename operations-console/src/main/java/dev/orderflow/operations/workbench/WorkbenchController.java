package dev.orderflow.operations.workbench;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.auditor.AuditCursor;
import dev.orderflow.operations.auditor.Invariant;
import dev.orderflow.operations.auditor.ViolationLog;
import dev.orderflow.operations.pages.PageContext;
import dev.orderflow.operations.pages.PagePart;
import dev.orderflow.operations.pages.PageRedirect;
import dev.orderflow.operations.pages.PageRenderer;
import dev.orderflow.operations.workbench.SteadyLoad.LoadRequest;
import dev.orderflow.operations.workbench.WorkbenchOrders.WorkbenchOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The workbench. Every change needs the role operator, as it would elsewhere.
@RestController
@ConditionalOnWorkbench
@RequestMapping(path = "/workbench", produces = PageRenderer.HTML)
class WorkbenchController {

    private static final int MAX_VIOLATIONS = 200;
    private static final int MAX_QUANTITY = 1_000;

    private static final Map<String, String> DONE =
            Map.of(
                    "placed", "The order is placed. Its log is below; its page shows the rest.",
                    "load-started", "The load runs; it ends by itself.",
                    "load-stopped", "The load is stopped.",
                    "switched", "The switch is set.");

    private final PageRenderer pages;
    private final WorkbenchOrders orders;
    private final SandboxControls controls;
    private final SteadyLoad load;
    private final LogTail log;
    private final ViolationLog violations;
    private final AuditCursor auditCursor;

    WorkbenchController(
            PageRenderer pages,
            WorkbenchOrders orders,
            SandboxControls controls,
            SteadyLoad load,
            LogTail log,
            ViolationLog violations,
            AuditCursor auditCursor) {
        this.pages = pages;
        this.orders = orders;
        this.controls = controls;
        this.load = load;
        this.log = log;
        this.violations = violations;
        this.auditCursor = auditCursor;
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    ResponseEntity<String> show(
            PageContext context,
            @RequestParam(required = false) @Nullable UUID order,
            @RequestParam(required = false) @Nullable String done) {
        var chosen = Optional.ofNullable(order);
        return pages.render(
                "workbench.jte",
                new WorkbenchPage(
                        context,
                        Optional.ofNullable(done).map(DONE::get),
                        chosen,
                        PagePart.read(orders::articles),
                        PagePart.read(controls::cards),
                        PagePart.read(controls::gatewayModes),
                        PagePart.read(controls::gatewayMode),
                        PagePart.read(controls::isCarrierAvailable),
                        PagePart.read(controls::cloudServices),
                        PagePart.read(controls::mails),
                        PagePart.read(controls::charges),
                        PagePart.read(controls::bookings),
                        load.report(),
                        chosen.flatMap(log::find),
                        log.file().isPresent(),
                        lamps(),
                        auditCursor.comparedUntil()));
    }

    private List<WorkbenchPage.WorkbenchLamp> lamps() {
        var open =
                violations.findViolations(false, Long.MAX_VALUE, MAX_VIOLATIONS).stream()
                        .collect(
                                Collectors.groupingBy(
                                        ViolationLog.RecordedViolation::invariant,
                                        Collectors.counting()));
        return Arrays.stream(Invariant.values())
                .map(
                        invariant ->
                                new WorkbenchPage.WorkbenchLamp(
                                        invariant, open.getOrDefault(invariant, 0L)))
                .toList();
    }

    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/orders")
    ResponseEntity<Void> placeOrder(
            @RequestParam String customer,
            @RequestParam String sku,
            @RequestParam int quantity,
            @RequestParam String card,
            @RequestParam(defaultValue = "GB") String country) {
        if (quantity < 1 || quantity > MAX_QUANTITY) {
            throw new InvalidValueException("quantity", "must be 1 to " + MAX_QUANTITY);
        }
        try {
            var placed =
                    orders.place(
                            new WorkbenchOrder(
                                    new CustomerRef(customer.strip()),
                                    sku,
                                    quantity,
                                    card,
                                    country));
            return PageRedirect.to("/workbench?done=placed&order=" + placed);
        } catch (TokenUnavailableException noToken) {
            throw Problem.of(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "issuer-unavailable",
                            "Not available now")
                    .detail("The development issuer issued no token; nothing was placed.");
        }
    }

    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/load")
    ResponseEntity<Void> startLoad(
            @RequestParam int perSecond,
            @RequestParam int seconds,
            @RequestParam String sku,
            @RequestParam(defaultValue = "false") boolean mixed) {
        load.start(new LoadRequest(perSecond, seconds, sku, mixed));
        return PageRedirect.done("/workbench", "load-started");
    }

    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/load/stop")
    ResponseEntity<Void> stopLoad() {
        load.stop();
        return PageRedirect.done("/workbench", "load-stopped");
    }

    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/carrier")
    ResponseEntity<Void> switchCarrier(@RequestParam boolean available) {
        controls.setCarrierAvailable(available);
        return PageRedirect.done("/workbench", "switched");
    }

    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/gateway")
    ResponseEntity<Void> switchGateway(@RequestParam String mode) {
        controls.setGatewayMode(mode);
        return PageRedirect.done("/workbench", "switched");
    }

    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/cloud")
    ResponseEntity<Void> switchCloudService(
            @RequestParam String service, @RequestParam boolean available) {
        controls.setCloudService(service, available);
        return PageRedirect.done("/workbench", "switched");
    }
}
