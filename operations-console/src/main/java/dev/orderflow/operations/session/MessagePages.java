package dev.orderflow.operations.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/// Writes pages that consist of a message, with or without a session.
public interface MessagePages {

    /// A message.
    ///
    /// @param text one or two sentences: what happened, and what to do
    /// @param linkText the text of the link; null for no link
    /// @param refresh whether the browser follows the link at once
    record MessagePage(
            HttpStatus status,
            String title,
            String text,
            @Nullable String linkText,
            @Nullable String link,
            boolean refresh) {

        /// With a link.
        public MessagePage(
                HttpStatus status, String title, String text, String linkText, String link) {
            this(status, title, text, linkText, link, false);
        }
    }

    void write(HttpServletRequest request, HttpServletResponse response, MessagePage page)
            throws IOException;
}
