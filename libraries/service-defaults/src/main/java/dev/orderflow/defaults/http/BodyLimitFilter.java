package dev.orderflow.defaults.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/// Rejects bodies above a limit: immediately if `Content-Length` exceeds it, otherwise as soon as
/// more bytes arrive, so that memory use is bounded. Rejects bodies that arrive too slowly.
final class BodyLimitFilter extends OncePerRequestFilter {

    private final long limit;
    private final Duration timeout;

    BodyLimitFilter(long limit, Duration timeout) {
        this.limit = limit;
        this.timeout = timeout;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getContentLengthLong() > limit) {
            response.setStatus(413);
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setCharacterEncoding(StandardCharsets.UTF_8);
            response.getWriter()
                    .write(
                            """
                            {"type":"https://orderflow.dev/problems/body-too-large",\
                            "title":"Body too large","status":413,\
                            "detail":"The body may have at most %d bytes."}"""
                                    .formatted(limit));
            return;
        }
        chain.doFilter(new LimitedRequest(request, limit, timeout), response);
    }

    private static final class LimitedRequest extends HttpServletRequestWrapper {

        private final long limit;
        private final Duration timeout;

        LimitedRequest(HttpServletRequest request, long limit, Duration timeout) {
            super(request);
            this.limit = limit;
            this.timeout = timeout;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new LimitedInputStream(super.getInputStream(), limit, timeout);
        }

        @Override
        public BufferedReader getReader() throws IOException {
            return new BufferedReader(
                    new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }

    private static final class LimitedInputStream extends ServletInputStream {

        private final ServletInputStream in;
        private final long limit;
        private final long deadline;
        private long read;

        LimitedInputStream(ServletInputStream in, long limit, Duration timeout) {
            this.in = in;
            this.limit = limit;
            this.deadline = System.nanoTime() + timeout.toNanos();
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = in.read(bytes, offset, length);
            count(Math.max(count, 0));
            return count;
        }

        private void count(int bytes) throws IOException {
            if (System.nanoTime() - deadline > 0) {
                throw new BodyTooSlowException();
            }
            read += bytes;
            if (read > limit) {
                throw new BodyTooLargeException(limit);
            }
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }
    }
}
