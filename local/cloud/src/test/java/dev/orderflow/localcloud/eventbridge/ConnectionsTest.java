package dev.orderflow.localcloud.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orderflow.localcloud.wire.AwsErrorException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ConnectionsTest {

    private static final String API_KEY =
            """
            {"Name":"internal","AuthorizationType":"API_KEY","AuthParameters":{
              "ApiKeyAuthParameters":{"ApiKeyName":"X-Api-Key","ApiKeyValue":"s3cret-1"},
              "InvocationHttpParameters":{
                "HeaderParameters":[{"Key":"X-Tenant","Value":"s3cret-2","IsValueSecret":true},{"Key":"X-Open","Value":"o"}],
                "QueryStringParameters":[{"Key":"v","Value":"1"}],
                "BodyParameters":[{"Key":"b","Value":"2"}]}}}""";

    private final EventBridgeFixture fixture = new EventBridgeFixture(1);

    @AfterEach
    void close() {
        fixture.close();
    }

    private String create(String request) {
        return fixture.call("CreateConnection", request).get("ConnectionArn").stringValue();
    }

    @Test
    void anApiKeyIsAddedToRequests() {
        var authorization = fixture.events.authorize(create(API_KEY));

        assertThat(authorization.headers())
                .containsEntry("X-Api-Key", "s3cret-1")
                .containsEntry("X-Tenant", "s3cret-2");
        assertThat(authorization.query()).containsEntry("v", "1");
        assertThat(authorization.body()).containsEntry("b", "2");
    }

    @Test
    void basicCredentialsBecomeAnAuthorizationHeader() {
        var arn =
                create(
                        """
                        {"Name":"basic","AuthorizationType":"BASIC","AuthParameters":{
                        "BasicAuthParameters":{"Username":"u","Password":"p"}}}""");

        assertThat(fixture.events.authorize(arn).headers())
                .containsEntry("Authorization", "Basic dTpw");
    }

    @Test
    void aSecretIsNeverReturned() {
        create(API_KEY);

        var shown =
                fixture.call("DescribeConnection", "{\"Name\":\"internal\"}").toString()
                        + fixture.call("ListConnections", "{}")
                        + fixture.call("UpdateConnection", API_KEY)
                        + fixture.call("DeauthorizeConnection", "{\"Name\":\"internal\"}")
                        + fixture.call("DeleteConnection", "{\"Name\":\"internal\"}");

        assertThat(shown).doesNotContain("s3cret").contains("X-Api-Key", "AUTHORIZED", "X-Open");
    }

    @Test
    void anUpdateReplacesTheKey() {
        var arn = create(API_KEY);

        fixture.call("UpdateConnection", API_KEY.replace("s3cret-1", "renewed"));

        assertThat(fixture.events.authorize(arn).headers()).containsEntry("X-Api-Key", "renewed");
    }

    @Test
    void aMissingOrDeauthorizedConnectionHasACatchableError() {
        var arn = create(API_KEY);
        fixture.call("DeauthorizeConnection", "{\"Name\":\"internal\"}");
        assertThatThrownBy(() -> fixture.events.authorize(arn))
                .isInstanceOfSatisfying(
                        AwsErrorException.class,
                        e ->
                                assertThat(e.code())
                                        .isEqualTo(
                                                "Events.ConnectionResource.InvalidConnectionState"));

        fixture.call("DeleteConnection", "{\"Name\":\"internal\"}");
        assertThatThrownBy(() -> fixture.events.authorize(arn))
                .isInstanceOfSatisfying(
                        AwsErrorException.class,
                        e ->
                                assertThat(e.code())
                                        .isEqualTo("Events.ConnectionResource.ResourceNotFound"));
    }

    @Test
    void aConnectionToAPrivateEndpointIsActiveAndNeverAuthorized() {
        var configuration = "arn:aws:vpc-lattice:us-east-1:000000000000:resourceconfiguration/r";
        create(
                API_KEY.replace(
                        "\"AuthParameters\"",
                        "\"InvocationConnectivityParameters\":{\"ResourceParameters\":{\"ResourceConfigurationArn\":\"%s\"}},\"AuthParameters\""
                                .formatted(configuration)));
        var described = fixture.call("DescribeConnection", "{\"Name\":\"internal\"}");
        assertThat(described.path("ConnectionState").stringValue()).isEqualTo("ACTIVE");
        assertThat(
                        described
                                .at(
                                        "/InvocationConnectivityParameters/ResourceParameters/ResourceConfigurationArn")
                                .stringValue())
                .isEqualTo(configuration);
        // An update without these members keeps them.
        fixture.call("DeauthorizeConnection", "{\"Name\":\"internal\"}");
        assertThat(fixture.call("UpdateConnection", API_KEY).path("ConnectionState").stringValue())
                .isEqualTo("ACTIVE");
    }

    /// EventBridge user guide, "De-authorizing connections".
    @Test
    void a401FromTheEndpointDeauthorizesTheConnectionUntilItIsUpdated() {
        var arn = create(API_KEY);
        fixture.events.deauthorize(arn);
        assertThat(
                        fixture.call("DescribeConnection", "{\"Name\":\"internal\"}")
                                .path("ConnectionState")
                                .stringValue())
                .isEqualTo("DEAUTHORIZED");
        assertThatThrownBy(() -> fixture.events.authorize(arn))
                .isInstanceOf(AwsErrorException.class);
        fixture.call("UpdateConnection", API_KEY);
        assertThat(fixture.events.authorize(arn).headers()).containsEntry("X-Api-Key", "s3cret-1");
    }

    /// EventBridge user guide, "Connection state events".
    @Test
    void theEventsOfAConnectionHaveItsNameTheReasonAndTheTime() {
        fixture.rule(
                "watch",
                """
                {"source":["aws.events"],"detail":{"ConnectionName":["internal"]}}""",
                EventBridgeFixture.ORDERS,
                "");
        create(API_KEY.replace("\"internal\"", "\"other\""));
        create(API_KEY);
        fixture.call("DeauthorizeConnection", "{\"Name\":\"other\"}");
        fixture.call("DeauthorizeConnection", "{\"Name\":\"internal\"}");
        await().until(() -> fixture.queues.messages(EventBridgeFixture.ORDERS).size() == 2);
        assertThat(detail("Connection Authorized").propertyNames())
                .containsExactly("ConnectionName", "Timestamp");
        var deauthorized = detail("Connection Deauthorized");
        assertThat(deauthorized.propertyNames())
                .containsExactly("ConnectionName", "StateReason", "Timestamp");
        assertThat(deauthorized.path("StateReason").stringValue())
                .isEqualTo("DeauthorizeConnection was called");
        assertThat(deauthorized.path("Timestamp").stringValue())
                .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d \\+0000 UTC");
    }

    /// The detail of the only event of a type.
    private JsonNode detail(String type) {
        var found =
                fixture.queues.messages(EventBridgeFixture.ORDERS).stream()
                        .map(message -> EventBridgeJson.MAPPER.readTree(message.body()))
                        .filter(event -> event.path("detail-type").stringValue().equals(type))
                        .toList();
        assertThat(found).hasSize(1);
        return found.getFirst().path("detail");
    }

    @Test
    void anInvalidConnectionIsRejectedByName() {
        assertThat(
                        fixture.callExpectingError(
                                "CreateConnection",
                                """
                                {"Name":"o","AuthorizationType":"OAUTH_CLIENT_CREDENTIALS","AuthParameters":{"OAuthParameters":{}}}"""))
                .hasMessageContaining("OAUTH_CLIENT_CREDENTIALS");
        assertThat(
                        fixture.callExpectingError(
                                "CreateConnection",
                                API_KEY.replace("X-Api-Key", "X-Api-Key\\r\\nEvil")))
                .hasMessageContaining("apiKeyName");
        assertThat(
                        fixture.callExpectingError(
                                "CreateConnection",
                                """
                                {"Name":"o","AuthorizationType":"API_KEY","AuthParameters":{}}"""))
                .hasMessageContaining("ApiKeyAuthParameters");
        create(API_KEY);
        assertThat(fixture.callExpectingError("CreateConnection", API_KEY).code())
                .isEqualTo("ResourceAlreadyExistsException");
    }
}
