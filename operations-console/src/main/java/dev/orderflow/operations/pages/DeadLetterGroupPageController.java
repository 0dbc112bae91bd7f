package dev.orderflow.operations.pages;

import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.deadletters.DeadLetterGroupService;
import dev.orderflow.operations.deadletters.DeadLetterGroupService.AnnotateResult;
import dev.orderflow.operations.deadletters.DeadLetterGroups;
import dev.orderflow.operations.deadletters.FailureCause;
import dev.orderflow.operations.pages.DeadLetterGroupPage.EnteredNote;
import dev.orderflow.operations.session.MessagePages.MessagePage;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Shows a group of dead letters, and changes its owner and note.
@RestController
@RequestMapping(path = "/dead-letters/groups/{fingerprint}", produces = PageRenderer.HTML)
class DeadLetterGroupPageController {

    private static final int MAX_OWNER = 100;
    private static final int MAX_NOTE = 500;
    private static final Map<String, String> DONE =
            Map.of("saved", "Owner and note are saved.", "removed", "Owner and note are removed.");

    private final PageRenderer pages;
    private final DeadLetterGroups groups;
    private final DeadLetterGroupService service;

    DeadLetterGroupPageController(
            PageRenderer pages, DeadLetterGroups groups, DeadLetterGroupService service) {
        this.pages = pages;
        this.groups = groups;
        this.service = service;
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    ResponseEntity<String> show(
            PageContext context,
            @PathVariable String fingerprint,
            @RequestParam(required = false) @Nullable String done) {
        requireFingerprint(fingerprint);
        var page =
                new DeadLetterGroupPage(
                        context,
                        Optional.ofNullable(done).map(DONE::get),
                        fingerprint,
                        groups.find(fingerprint),
                        groups.findNote(fingerprint),
                        Optional.empty());
        if (page.groups().isEmpty() && page.note().version() == 0) {
            throw vanished();
        }
        return pages.render("deadlettergroup.jte", page);
    }

    /// Replaces owner and note, unless another operator has done so since the reader opened the
    /// page.
    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/note")
    ResponseEntity<?> annotate(
            PageContext context,
            @PathVariable String fingerprint,
            @RequestParam int version,
            @RequestParam(defaultValue = "") String owner,
            @RequestParam(defaultValue = "") String note,
            Operator operator) {
        requireFingerprint(fingerprint);
        if (version < 0) {
            throw Problem.invalid("version", "must be the version that the form had");
        }
        var newOwner = toLine("owner", owner, MAX_OWNER);
        var newNote = toLine("note", note, MAX_NOTE);
        return switch (service.annotate(fingerprint, version, newOwner, newNote, operator)) {
            case AnnotateResult.GroupAnnotated _ ->
                    PageRedirect.done(
                            DeadLettersPage.groupOf(fingerprint),
                            newOwner.isEmpty() && newNote.isEmpty() ? "removed" : "saved");
            case AnnotateResult.GroupMissing _ -> throw vanished();
            case AnnotateResult.ChangedMeanwhile(var current) ->
                    pages.render(
                            HttpStatus.CONFLICT,
                            "deadlettergroup.jte",
                            new DeadLetterGroupPage(
                                    context,
                                    Optional.empty(),
                                    fingerprint,
                                    groups.find(fingerprint),
                                    current,
                                    Optional.of(
                                            new EnteredNote(
                                                    newOwner.orElse(""), newNote.orElse("")))));
        };
    }

    private static Optional<String> toLine(String name, String text, int most) {
        return text.isBlank()
                ? Optional.empty()
                : Optional.of(TextLine.require(name, text.strip(), most));
    }

    private static void requireFingerprint(String fingerprint) {
        if (!fingerprint.matches(FailureCause.FINGERPRINT_REGEX)) {
            throw Problem.invalid("fingerprint", "must be 4 to 64 hexadecimal digits");
        }
    }

    private static MessagePageException vanished() {
        return new MessagePageException(
                new MessagePage(
                        HttpStatus.NOT_FOUND,
                        "This group is gone",
                        "No dead letter has this cause any more, as of the last scan of the queues: its messages were redriven, edited or discarded, or their retention is over. Nothing was done.",
                        "To the dead letters",
                        "/dead-letters"));
    }
}
