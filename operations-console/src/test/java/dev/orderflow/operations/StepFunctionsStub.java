package dev.orderflow.operations;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.RecordedRequest;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;

/// Step Functions, with the responses that a test sets, as AWS documents them. As an initializer it
/// replaces the client of the console, and knows no execution.
public final class StepFunctionsStub
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final Pattern STATUS_FILTER = Pattern.compile("\"statusFilter\":\"([A-Z_]+)\"");

    private static final String REDRIVEN = "DescribeExecution after a redrive";

    private final Map<String, String> responses = new ConcurrentHashMap<>();
    /// Two steps, one of which can fail.
    private static final String DEFINITION =
            """
            {"name":"order-workflow","type":"STANDARD","definition":
             "{\\"StartAt\\":\\"Reserve\\",\\"States\\":{\\"Reserve\\":{\\"Type\\":\\"Task\\",\\"Next\\":\\"Ship\\",\\"Catch\\":[{\\"ErrorEquals\\":[\\"States.ALL\\"],\\"Next\\":\\"Release\\"}]},\\"Ship\\":{\\"Type\\":\\"Task\\",\\"End\\":true},\\"Release\\":{\\"Type\\":\\"Task\\",\\"End\\":true}}}"}
            """;

    private final HttpStub http = new HttpStub(this::respond);

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        reset();
        context.getBeanFactory().registerSingleton("stepFunctionsStub", this);
        var client = client();
        context.addBeanFactoryPostProcessor(
                beans ->
                        beans.addBeanPostProcessor(
                                new BeanPostProcessor() {
                                    @Override
                                    public Object postProcessAfterInitialization(
                                            Object bean, String name) {
                                        return bean instanceof SfnClient ? client : bean;
                                    }
                                }));
    }

    /// Forgets all responses but those of a state machine without executions.
    public void reset() {
        responses.clear();
        respondWith("ListExecutions", "{\"executions\":[]}");
        respondWith("DescribeStateMachine", DEFINITION);
        respondWithError("DescribeExecution", "ExecutionDoesNotExist");
    }

    /// A client without retries.
    public SfnClient client() {
        return SfnClient.builder()
                .endpointOverride(url())
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("test", "test")))
                .overrideConfiguration(it -> it.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
    }

    /// Its URL.
    public URI url() {
        return URI.create(http.url());
    }

    /// Sets the response to an operation. After `ListExecutions` may follow a status.
    public void respondWith(String operation, String body) {
        responses.put(operation, body);
    }

    /// Sets the response to `DescribeExecution` from the moment an execution is redriven.
    public void describeRedrivenWith(String body) {
        responses.put(REDRIVEN, body);
    }

    /// Sets an error as the response to an operation.
    public void respondWithError(String operation, String type) {
        responses.put(operation, "!" + type);
    }

    /// The bodies of all requests, the earliest first.
    public List<String> requests() {
        return http.requests(_ -> true).stream().map(RecordedRequest::body).toList();
    }

    /// The bodies of the requests to an operation, the earliest first.
    public List<String> requests(String operation) {
        return http.requests(request -> operation(request).equals(operation)).stream()
                .map(RecordedRequest::body)
                .toList();
    }

    private static String operation(RecordedRequest request) {
        var target = String.valueOf(request.header("X-Amz-Target"));
        return target.substring(target.indexOf('.') + 1);
    }

    private StubResponse respond(RecordedRequest request) {
        var operation = operation(request);
        var status = STATUS_FILTER.matcher(request.body());
        var response =
                responses.getOrDefault(
                        operation + (status.find() ? " " + status.group(1) : ""),
                        responses.getOrDefault(operation, "!Unexpected" + operation));
        if (operation.equals("RedriveExecution") && responses.containsKey(REDRIVEN)) {
            respondWith("DescribeExecution", responses.get(REDRIVEN));
        }
        return response.startsWith("!")
                ? new StubResponse(
                        400,
                        "{\"__type\":\"%s\",\"message\":\"no\"}".formatted(response.substring(1)))
                : new StubResponse(200, response);
    }
}
