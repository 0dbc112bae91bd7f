package dev.orderflow.defaults.requests;

import dev.orderflow.defaults.problem.Problem;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.HandlerInterceptor;

/// Refuses a body with a content coding such as gzip, which no handler decodes: it would be read as
/// if it were not coded ([RFC 9110,
/// 8.4](https://www.rfc-editor.org/rfc/rfc9110#section-8.4)). The answer is 415 and says in
/// `Accept-Encoding` what is supported
/// ([15.5.16](https://www.rfc-editor.org/rfc/rfc9110#section-15.5.16)).
///
/// Error dispatches are exempt, so that an error response keeps its status.
final class ContentEncodingInterceptor implements HandlerInterceptor {

    private static final String SUPPORTED = "identity";

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getDispatcherType() != DispatcherType.ERROR
                && hasBody(request)
                && isEncoded(request)) {
            throw Problem.of(
                            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                            "unsupported-media-type",
                            "Unsupported Media Type")
                    .detail("Send the body without a content coding.")
                    .header(HttpHeaders.ACCEPT_ENCODING, SUPPORTED);
        }
        return true;
    }

    private static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0
                || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }

    private static boolean isEncoded(HttpServletRequest request) {
        for (var line : Collections.list(request.getHeaders(HttpHeaders.CONTENT_ENCODING))) {
            for (var coding : line.split(",", -1)) {
                if (!coding.isBlank() && !coding.strip().equalsIgnoreCase(SUPPORTED)) {
                    return true;
                }
            }
        }
        return false;
    }
}
