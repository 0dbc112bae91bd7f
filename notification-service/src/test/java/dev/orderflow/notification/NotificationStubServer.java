package dev.orderflow.notification;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.RecordedRequest;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.contracts.fixture.TcpProxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/// HTTP stubs of the services that notification-service calls: order-service, SNS and SES.
final class NotificationStubServer
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    static final StubResponse SILENT = new StubResponse(0, "");

    static final HttpStub ORDER_SERVICE = new HttpStub(NotificationStubServer::contact);
    static final HttpStub AWS = new HttpStub(NotificationStubServer::aws);

    /// The proxy to SES, which can refuse connections.
    static final TcpProxy SES = TcpProxy.to(AWS.url());

    static final Map<UUID, StubResponse> CONTACTS = new ConcurrentHashMap<>();
    static final Map<String, StubResponse> ACTIONS = new ConcurrentHashMap<>();

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        var queues = context.getEnvironment().getProperty("spring.cloud.aws.endpoint");
        TestPropertyValues.of(
                        "spring.cloud.aws.sqs.endpoint=" + queues,
                        "spring.cloud.aws.endpoint=" + AWS.url(),
                        "spring.cloud.aws.ses.endpoint=" + SES.through(AWS.url()),
                        "orderflow.order.url=" + ORDER_SERVICE.url())
                .applyTo(context);
    }

    static void reset() {
        SES.recover();
        CONTACTS.clear();
        ACTIONS.clear();
        ORDER_SERVICE.respondWith(NotificationStubServer::contact);
        AWS.respondWith(NotificationStubServer::aws);
    }

    static StubResponse contact(RecordedRequest request) {
        var orderId = UUID.fromString(request.path().split("/")[3]);
        return CONTACTS.getOrDefault(
                orderId, contactOf(orderId, "ada@example.org", "Zoë Lovelace"));
    }

    static StubResponse contactOf(UUID orderId, String email, String name) {
        return new StubResponse(
                200,
                """
                {"orderId":"%s","email":"%s","name":"%s","phone":"a field from the future"}"""
                        .formatted(orderId, email, name));
    }

    static StubResponse aws(RecordedRequest request) {
        return ACTIONS.getOrDefault(
                action(request),
                new StubResponse(
                        200,
                        """
                        <%1$sResponse><%1$sResult><MessageId>m-1</MessageId></%1$sResult>
                        <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></%1$sResponse>"""
                                .formatted(action(request))));
    }

    static StubResponse awsError(int status, String code) {
        return awsError(status, code, "no");
    }

    static StubResponse awsError(int status, String code, String message) {
        return new StubResponse(
                status,
                """
                <ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>
                <RequestId>r-1</RequestId></ErrorResponse>"""
                        .formatted(code, message));
    }

    static List<RecordedRequest> emailsAbout(UUID orderId) {
        return AWS.requests(
                request -> action(request).equals("SendEmail") && mentions(request, orderId));
    }

    static List<RecordedRequest> publishedAbout(UUID orderId) {
        return AWS.requests(
                request -> action(request).equals("Publish") && mentions(request, orderId));
    }

    static List<RecordedRequest> contactRequests(UUID orderId) {
        return ORDER_SERVICE.requests(request -> mentions(request, orderId));
    }

    /// The operation of SNS or SES that a request calls.
    private static String action(RecordedRequest request) {
        return request.form().getOrDefault("Action", "");
    }

    static boolean mentions(RecordedRequest request, Object text) {
        return request.path().contains(text.toString())
                || request.form().values().stream()
                        .anyMatch(value -> value.contains(text.toString()));
    }

    /// The attributes of a message, whose parameters the query protocol numbers.
    static Map<String, String> attributes(RecordedRequest published) {
        var attributes = new HashMap<String, String>();
        for (int i = 1; published.form().containsKey(entry(i) + ".Name"); i++) {
            attributes.put(
                    published.form().get(entry(i) + ".Name"),
                    published.form().get(entry(i) + ".Value.StringValue"));
        }
        return attributes;
    }

    private static String entry(int number) {
        return "MessageAttributes.entry." + number;
    }
}
