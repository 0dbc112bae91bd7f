package dev.orderflow.operations.pages;

import dev.orderflow.operations.session.MessagePages;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/// Writes pages with the templates, which Maven compiled.
@Component
public class PageRenderer implements MessagePages {

    /// For `produces` of controllers.
    public static final String HTML = "text/html;charset=UTF-8";

    private static final String PACKAGE = "dev.orderflow.operations.templates";

    private final TemplateEngine engine =
            TemplateEngine.createPrecompiled(
                    null, ContentType.Html, PageRenderer.class.getClassLoader(), PACKAGE);

    /// A page.
    ///
    /// @param template its file in `src/main/jte`
    /// @param page the template's parameter `page`
    public ResponseEntity<String> render(String template, Object page) {
        return render(HttpStatus.OK, template, page);
    }

    /// A page with another status than 200.
    ResponseEntity<String> render(HttpStatus status, String template, Object page) {
        return ResponseEntity.status(status)
                .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .body(toHtml(template, page));
    }

    private String toHtml(String template, Object page) {
        var html = new StringOutput();
        engine.render(template, Map.of("page", page), html);
        return html.toString();
    }

    @Override
    public void write(HttpServletRequest request, HttpServletResponse response, MessagePage message)
            throws IOException {
        var html =
                toHtml("message.jte", new MessageView(message, PageConfiguration.theme(request)));
        response.setStatus(message.status().value());
        response.setContentType(HTML);
        response.getOutputStream().write(html.getBytes(StandardCharsets.UTF_8));
    }
}
