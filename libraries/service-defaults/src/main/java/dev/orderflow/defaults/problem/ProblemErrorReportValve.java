package dev.orderflow.defaults.problem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/// Answers requests that do not reach Spring MVC (a malformed request line, an illegal path) with a
/// problem instead of Tomcat's HTML page. Tomcat creates it by its class name.
public final class ProblemErrorReportValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        var status = HttpStatus.resolve(response.getStatus());
        if (status == null || !status.isError() || response.getContentWritten() > 0) {
            return;
        }
        var body =
                """
                {"type":"%s","title":"%s","status":%d}"""
                        .formatted(
                                Problem.type(Problem.slug(status)),
                                status.getReasonPhrase(),
                                status.value())
                        .getBytes(StandardCharsets.UTF_8);
        try {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setContentLength(body.length);
            if (response.getReporter() != null) {
                response.getOutputStream().write(body);
            }
        } catch (IOException | IllegalStateException failed) {
            container.getLogger().debug("response could not be written", failed);
        }
    }
}
