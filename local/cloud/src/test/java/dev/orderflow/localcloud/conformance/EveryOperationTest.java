package dev.orderflow.localcloud.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.AwsClient;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.ses.SesClient;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/// Each operation that the SDK has for a service of the local cloud is supported, or rejected with
/// the statement that the local cloud does not support it, so that no caller searches for the cause
/// in the request. S3 is left out: its client sends no request without a complete document.
class EveryOperationTest {

    /// The errors by which AWS and the SDK report that an operation does not exist, and failures.
    private static final Pattern UNCLEAR =
            Pattern.compile(
                    "^(5..|405)|Unknown|NotImplemented|InvalidAction|MethodNotAllowed|/x/|^client|^other");

    private static List<AwsClient> clients = List.of();

    @BeforeAll
    static void open() {
        clients =
                List.of(
                        CloudUnderTest.client(SqsClient.builder()),
                        CloudUnderTest.client(SnsClient.builder()),
                        CloudUnderTest.client(EventBridgeClient.builder()),
                        CloudUnderTest.client(SfnClient.builder()),
                        CloudUnderTest.client(CloudWatchClient.builder()),
                        CloudUnderTest.client(SesClient.builder()),
                        CloudUnderTest.client(SesV2Client.builder()),
                        CloudUnderTest.client(StsClient.builder()));
    }

    @AfterAll
    static void close() {
        clients.forEach(AwsClient::close);
    }

    static Stream<Class<?>> services() {
        return Stream.of(
                SqsClient.class,
                SnsClient.class,
                EventBridgeClient.class,
                SfnClient.class,
                CloudWatchClient.class,
                SesClient.class,
                SesV2Client.class,
                StsClient.class);
    }

    @ParameterizedTest
    @MethodSource("services")
    void anOperationIsSupportedOrRejectedAsNotSupported(Class<?> service) throws Exception {
        var client = clients.stream().filter(service::isInstance).findFirst().orElseThrow();
        var unclear = new TreeSet<String>();
        var operations = operations(service);
        assertThat(operations).hasSizeGreaterThan(5);
        for (var operation : operations) {
            var answer = call(client, operation);
            if (UNCLEAR.matcher(answer).find()
                    && !answer.contains("local-cloud does not support")) {
                unclear.add(operation.getName() + ": " + answer);
            }
        }
        assertThat(unclear).isEmpty();
    }

    private static List<Method> operations(Class<?> service) {
        return Arrays.stream(service.getMethods())
                .filter(
                        method ->
                                method.getParameterCount() == 1
                                        && AwsRequest.class.isAssignableFrom(
                                                method.getParameterTypes()[0])
                                        && !method.getName().endsWith("Paginator"))
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }

    private static String call(AwsClient client, Method operation) throws Exception {
        var request = request(operation.getParameterTypes()[0]);
        try {
            operation.invoke(client, request);
            return "ok";
        } catch (InvocationTargetException failed) {
            return switch (failed.getCause()) {
                case AwsServiceException refused when refused.awsErrorDetails() != null ->
                        refused.statusCode()
                                + " "
                                + refused.awsErrorDetails().errorCode()
                                + ": "
                                + refused.awsErrorDetails().errorMessage();
                case SdkException local -> "client: " + local;
                case Throwable other -> "other: " + other;
            };
        }
    }

    /// A request with values for the variables of its path, so that the SDK sends it.
    private static Object request(Class<?> type) throws ReflectiveOperationException {
        var builder = (SdkPojo) Objects.requireNonNull(type.getMethod("builder").invoke(null));
        for (SdkField<?> field : builder.sdkFields()) {
            if (field.location() == MarshallLocation.PATH
                    || field.location() == MarshallLocation.GREEDY_PATH) {
                if (field.marshallingType() == MarshallingType.STRING) {
                    field.set(builder, "x");
                }
            }
        }
        return ((SdkBuilder<?, ?>) builder).build();
    }
}
