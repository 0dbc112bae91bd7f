package dev.orderflow.localcloud.ses;

import dev.orderflow.localcloud.wire.RequestMembers;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The content of a mail: a subject with a body, or a raw message.
///
/// @param raw raw message in Base64
record MailContent(
        @Nullable String subject,
        @Nullable String text,
        @Nullable String html,
        @Nullable String raw) {

    static MailContent of(RequestMembers message, @Nullable RequestMembers body) {
        return new MailContent(
                data(message, "Subject"), data(body, "Text"), data(body, "Html"), null);
    }

    static MailContent raw(@Nullable RequestMembers raw) {
        return new MailContent(null, null, null, raw == null ? null : raw.optional("Data"));
    }

    /// The charset has no effect, because the mail is not transmitted.
    private static @Nullable String data(@Nullable RequestMembers holder, String name) {
        var part = holder == null ? null : holder.child(name, Set.of("Data", "Charset"));
        if (part == null) {
            return null;
        }
        requireCharset(part.optional("Charset"));
        var data = part.optional("Data");
        if (name.equals("Subject") && data != null) {
            requireOneLine(data);
        }
        return data;
    }

    private static void requireOneLine(String subject) {
        if (subject.chars().anyMatch(it -> it == '\r' || it == '\n')) {
            throw SesErrors.invalid("Illegal header 'Subject': it contains a line break.");
        }
    }

    private static void requireCharset(@Nullable String charset) {
        try {
            if (charset != null && !charset.isEmpty() && !Charset.isSupported(charset)) {
                throw SesErrors.invalid("Unknown charset " + charset + ".");
            }
        } catch (IllegalCharsetNameException _) {
            throw SesErrors.invalid("Unknown charset " + charset + ".");
        }
    }

    int size() {
        return Stream.of(text, html, raw)
                .filter(Objects::nonNull)
                .mapToInt(it -> it.getBytes(StandardCharsets.UTF_8).length)
                .sum();
    }
}
