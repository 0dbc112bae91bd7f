package dev.orderflow.operations.runbooks;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.text.TextContentRenderer;

/// Translates runbooks to HTML. A link to another runbook leads to its page, a link to a page of
/// the console to that page. Of a link to another file of the project only its text remains,
/// because the console does not have that file.
final class RunbookHtml {

    private static final Pattern RUNBOOK =
            Pattern.compile("(%s)\\.md(#[\\w-]*)?".formatted(RunbookDocument.NAME_REGEX));
    private static final String CONSOLE = "../operations-console.md";

    private final Set<String> names;
    private final Parser parser;
    private final HtmlRenderer renderer;

    /// @param names of all runbooks
    RunbookHtml(Set<String> names) {
        this.names = names;
        var extensions = List.of(TablesExtension.create());
        this.parser = Parser.builder().extensions(extensions).build();
        this.renderer =
                HtmlRenderer.builder()
                        .extensions(extensions)
                        .escapeHtml(true)
                        .attributeProviderFactory(
                                _ ->
                                        (node, _, attributes) -> {
                                            if (node instanceof Heading heading) {
                                                attributes.put("id", anchor(heading));
                                            }
                                        })
                        .build();
    }

    String render(String markdown) {
        var document = parser.parse(markdown);
        document.accept(
                new AbstractVisitor() {
                    @Override
                    public void visit(Link link) {
                        visitChildren(link);
                        toPage(link)
                                .ifPresentOrElse(link::setDestination, () -> keepOnlyText(link));
                    }
                });
        return renderer.render(document);
    }

    private Optional<String> toPage(Link link) {
        var destination = link.getDestination();
        if (destination.startsWith("#") || destination.startsWith("https://")) {
            return Optional.of(destination);
        }
        if (destination.equals(CONSOLE)
                && link.getFirstChild() instanceof Code page
                && page.getLiteral().startsWith("/")) {
            return Optional.of(page.getLiteral());
        }
        var runbook = RUNBOOK.matcher(destination);
        return runbook.matches() && names.contains(runbook.group(1))
                ? Optional.of(
                        RunbookDocument.path(runbook.group(1))
                                + Optional.ofNullable(runbook.group(2)).orElse(""))
                : Optional.empty();
    }

    private static void keepOnlyText(Link link) {
        for (Node child; (child = link.getFirstChild()) != null; ) {
            link.insertBefore(child);
        }
        link.unlink();
    }

    /// The anchor that GitHub gives to a heading, because links in the files use it.
    private static String anchor(Heading heading) {
        return TextContentRenderer.builder()
                .build()
                .render(heading)
                .strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\w -]", "")
                .replace(' ', '-');
    }
}
