package dev.orderflow.notification.channel;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/// Records whether the request of a call may have left this process.
///
/// Exceptions do not say so: the SDK throws the same ones for a refused connection and for one that
/// broke after the whole request was read. The HTTP client reads the request's body when it has a
/// connection and writes to it, and not before.
final class TransmissionRecorder {

    private static final ScopedValue<TransmissionRecorder> CURRENT = ScopedValue.newInstance();

    private volatile boolean started;

    /// Runs a call of an SDK client whose HTTP client was built by [#recordingClient].
    void record(Runnable call) {
        ScopedValue.where(CURRENT, this).run(call);
    }

    /// Whether writing the body has started. If so, the server may have received all of it.
    boolean hasStarted() {
        return started;
    }

    private static void markStarted() {
        if (CURRENT.isBound()) {
            CURRENT.get().started = true;
        }
    }

    /// Wraps the builder of an HTTP client, so that its clients record transmissions.
    static SdkHttpClient.Builder<?> recordingClient(SdkHttpClient.Builder<?> client) {
        return new RecordingBuilder(client);
    }

    private record RecordingBuilder(SdkHttpClient.Builder<?> client)
            implements SdkHttpClient.Builder<RecordingBuilder> {

        @Override
        public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
            return new RecordingClient(client.buildWithDefaults(defaults));
        }
    }

    private record RecordingClient(SdkHttpClient client) implements SdkHttpClient {

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            var body = request.contentStreamProvider().orElse(null);
            if (body == null) {
                markStarted();
                return client.prepareRequest(request);
            }
            return client.prepareRequest(
                    HttpExecuteRequest.builder()
                            .request(request.httpRequest())
                            .contentStreamProvider(recordBody(body))
                            .metricCollector(request.metricCollector().orElse(null))
                            .build());
        }

        private static ContentStreamProvider recordBody(ContentStreamProvider body) {
            return () -> new RecordingStream(body.newStream());
        }

        @Override
        public String clientName() {
            return client.clientName();
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private static final class RecordingStream extends FilterInputStream {

        RecordingStream(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            markStarted();
            return super.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            markStarted();
            return super.read(buffer, offset, length);
        }
    }
}
