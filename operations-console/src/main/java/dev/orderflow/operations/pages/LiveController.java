package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.live.LiveProperties;
import dev.orderflow.operations.live.LiveSubscription;
import dev.orderflow.operations.live.LiveUpdates;
import dev.orderflow.operations.live.LiveUpdates.SubscribeResult;
import dev.orderflow.operations.session.PageSession;
import dev.orderflow.operations.session.SignInPaths;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Sends server-sent events to open pages: `ready` when every later change is reported, `changed`
/// when a page must be read again, `session-ended` when the person must sign in again.
///
/// The virtual thread of the request waits for changes. The stream ends when the browser closes it,
/// with the session, when the console stops, and after some minutes, when the browser opens another
/// one.
@RestController
class LiveController {

    private static final Logger log = LoggerFactory.getLogger(LiveController.class);
    private static final int MAX_TOPICS = 12;

    /// After it a browser opens a stream again that ended.
    private static final String RETRY = "retry: 3000\n\n";

    private final LiveUpdates updates;
    private final LiveProperties properties;

    LiveController(LiveUpdates updates, LiveProperties properties) {
        this.updates = updates;
        this.properties = properties;
    }

    /// @param watch the topics, separated by spaces
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping(path = SignInPaths.LIVE, produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void stream(
            @RequestParam String watch,
            Operator operator,
            HttpServletRequest request,
            HttpServletResponse response) {
        var topics = List.of(watch.strip().split(" +"));
        if (topics.size() > MAX_TOPICS) {
            throw Problem.invalid("watch", "must have at most " + MAX_TOPICS + " topics");
        }
        switch (updates.subscribe(topics, operator.subject())) {
            case SubscribeResult.Subscribed(var subscription) -> {
                try (subscription) {
                    send(subscription, PageSession.liveness(request), response);
                } catch (IOException _) {
                    log.debug("the browser closed its stream");
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }
            case SubscribeResult.UnknownTopic _ ->
                    throw Problem.invalid("watch", "must have topics of the pages");
            case SubscribeResult.NoStreamAvailable _ ->
                    throw Problem.of(
                                    HttpStatus.SERVICE_UNAVAILABLE,
                                    "too-many-streams",
                                    "Too many live pages")
                            .detail("Close some windows of the console.")
                            .retryAfter(Duration.ofSeconds(10));
        }
    }

    private void send(
            LiveSubscription subscription, BooleanSupplier session, HttpServletResponse response)
            throws IOException, InterruptedException {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        // Proxies must pass each event on at once.
        response.setHeader("X-Accel-Buffering", "no");
        write(response, RETRY);
        subscription.awaitReady();
        write(response, event("ready"));
        long end = System.nanoTime() + properties.maxDuration().toNanos();
        while (!subscription.isEnded() && System.nanoTime() < end) {
            boolean isChanged = subscription.awaitChange(properties.heartbeat());
            if (subscription.isEnded()) {
                return;
            }
            if (!session.getAsBoolean()) {
                write(response, event("session-ended"));
                return;
            }
            // A comment keeps the connection open, and shows whether it still is.
            write(response, isChanged ? event("changed") : ":\n\n");
        }
    }

    private static String event(String name) {
        return "event: %s\ndata: \n\n".formatted(name);
    }

    private static void write(HttpServletResponse response, String text) throws IOException {
        response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        response.flushBuffer();
    }
}
