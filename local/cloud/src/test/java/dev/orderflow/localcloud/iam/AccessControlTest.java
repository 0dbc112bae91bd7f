package dev.orderflow.localcloud.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.localcloud.ports.Authorizer.Principal;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.RequestContext;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Policy evaluation by the rules that AWS documents.
class AccessControlTest {

    private static final String ROLE = "arn:aws:iam::000000000000:role/order-service";
    private static final Principal ORDERS = new Principal.RolePrincipal(ROLE);
    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:orders";
    private static final String KEY = "arn:aws:kms:us-east-1:000000000000:key/1";
    private static final String MACHINE =
            "arn:aws:states:us-east-1:000000000000:stateMachine:order-workflow";
    private static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:pages";
    private static final String WATCH_RULE =
            "arn:aws:events:us-east-1:000000000000:rule/watch-connection";
    private static final Principal WATCH =
            new Principal.ServicePrincipal("events.amazonaws.com", WATCH_RULE);
    private static final RequestContext CONTEXT =
            new RequestContext(
                    UUID.randomUUID(), "us-east-1", "000000000000", URI.create("http://localhost"));

    private final AccessControl accessControl =
            new AccessControl(InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));
    private final ApiAuthorization api =
            new ApiAuthorization(
                    accessControl,
                    token -> token.equals("waiting") ? Optional.of(MACHINE) : Optional.empty());

    private static PolicyDocument policy(String statements) {
        return PolicyDocument.of(
                JsonMapper.shared()
                        .readTree(
                                "{'Version':'2012-10-17','Statement':[%s]}"
                                        .formatted(statements)
                                        .replace('\'', '"')));
    }

    private void mayDo(String... statements) {
        accessControl.putRole(
                ROLE,
                policy(
                        "{'Effect':'Allow','Action':'sts:AssumeRole','Principal':{'Service':'ecs-tasks.amazonaws.com'},"
                                + "'Condition':{'StringEquals':{'aws:SourceAccount':'000000000000'}}}"),
                List.of(policy(String.join(",", statements))));
    }

    private String accessKey() {
        return accessControl.assumeRole(
                ROLE,
                new Principal.ServicePrincipal(
                        "ecs-tasks.amazonaws.com", "arn:aws:ecs:us-east-1:000000000000:task/1"));
    }

    private void call(String service, String operation, String input) {
        api.require(
                accessKey(),
                service,
                operation,
                JsonMapper.shared().readTree(input.replace('\'', '"')),
                CONTEXT);
    }

    @Test
    void everyCallIsAllowedWithoutRoles() {
        assertThatNoException()
                .isThrownBy(() -> accessControl.require(ORDERS, "sqs:SendMessage", QUEUE));
    }

    @Test
    void aCallWithoutAnAllowingStatementIsDeniedWithTheMissingStatement() {
        mayDo(
                "{'Sid':'Send','Effect':'Allow','Action':'sqs:SendMessage','Resource':'arn:aws:sqs:us-east-1:000000000000:other'}");
        assertThatThrownBy(() -> accessControl.require(ORDERS, "sqs:SendMessage", QUEUE))
                .isInstanceOf(AwsErrorException.class)
                .hasMessage(
                        "User: arn:aws:sts::000000000000:assumed-role/order-service/local-cloud is not"
                                + " authorized to perform: sqs:SendMessage on resource: "
                                + QUEUE
                                + " because no identity-based policy allows the sqs:SendMessage action"
                                + " (statement Send allows it on [arn:aws:sqs:us-east-1:000000000000:other])");
        assertThatThrownBy(() -> accessControl.require(ORDERS, "sqs:ReceiveMessage", QUEUE))
                .hasMessageEndingWith("(no statement names the action)");
        assertThat(accessControl.denials()).hasSize(2);
    }

    @Test
    void startingAnExecutionIsAuthorizedByTheUnqualifiedStateMachine() {
        mayDo(
                "{'Effect':'Allow','Action':'states:StartExecution','Resource':'"
                        + MACHINE
                        + ":live'}");
        assertThatThrownBy(
                        () ->
                                call(
                                        "states",
                                        "StartExecution",
                                        "{'stateMachineArn':'" + MACHINE + ":live'}"))
                .hasMessageContaining("on resource: " + MACHINE + " because");
        mayDo(
                "{'Effect':'Allow','Action':'states:StartExecution','Resource':'"
                        + MACHINE
                        + "','Condition':{'StringEquals':{'states:StateMachineQualifier':'live'}}}");
        call("states", "StartExecution", "{'stateMachineArn':'" + MACHINE + ":live'}");
        assertThatThrownBy(
                        () ->
                                call(
                                        "states",
                                        "StartExecution",
                                        "{'stateMachineArn':'" + MACHINE + "'}"))
                .hasMessageContaining("wants states:StateMachineQualifier StringEquals [live]");
    }

    @Test
    void completingATaskIsAuthorizedByTheStateMachineOfItsToken() {
        mayDo("{'Effect':'Allow','Action':'states:SendTaskSuccess','Resource':'" + MACHINE + "'}");
        call("states", "SendTaskSuccess", "{'taskToken':'waiting'}");
        assertThatThrownBy(() -> call("states", "SendTaskFailure", "{'taskToken':'waiting'}"))
                .isInstanceOf(AwsErrorException.class);
    }

    @Test
    void anExplicitDenyWinsOverEveryAllow() {
        mayDo("{'Effect':'Allow','Action':'sqs:*','Resource':'*'}");
        accessControl.putResourcePolicy(
                QUEUE,
                policy(
                        "{'Effect':'Deny','Principal':'*','Action':'sqs:SendMessage','Resource':'*',"
                                + "'Condition':{'Bool':{'aws:SecureTransport':'true'}}}"));
        assertThatThrownBy(() -> accessControl.require(ORDERS, "sqs:SendMessage", QUEUE))
                .hasMessageContaining("with an explicit deny in a resource-based policy");
        accessControl.require(ORDERS, "sqs:ReceiveMessage", QUEUE);
    }

    @Test
    void aServiceDeliversOnlyForTheResourceThatTheQueueNames() {
        mayDo("{'Effect':'Allow','Action':'sqs:*','Resource':'*'}");
        var rule = "arn:aws:events:us-east-1:000000000000:rule/orderflow/notify";
        accessControl.putResourcePolicy(
                QUEUE,
                policy(
                        "{'Effect':'Allow','Principal':{'Service':'events.amazonaws.com'},'Action':'sqs:SendMessage','Resource':'"
                                + QUEUE
                                + "','Condition':{'ArnEquals':{'aws:SourceArn':['"
                                + rule
                                + "']}}}"));
        accessControl.require(
                new Principal.ServicePrincipal("events.amazonaws.com", rule),
                "sqs:SendMessage",
                QUEUE);
        assertThatThrownBy(
                        () ->
                                accessControl.require(
                                        new Principal.ServicePrincipal(
                                                "events.amazonaws.com", rule + "-2"),
                                        "sqs:SendMessage",
                                        QUEUE))
                .hasMessageContaining("no resource-based policy allows");
        assertThatThrownBy(
                        () ->
                                accessControl.require(
                                        new Principal.ServicePrincipal("sns.amazonaws.com", rule),
                                        "sqs:SendMessage",
                                        QUEUE))
                .isInstanceOf(AwsErrorException.class);
    }

    /// EventBridge fills neither `aws:SourceArn` nor `aws:SourceAccount` when it publishes to SNS.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'ArnEquals':{'aws:SourceArn':'" + WATCH_RULE + "'}",
                "'StringEquals':{'aws:SourceAccount':'000000000000'}"
            })
    void aTopicCannotRestrictTheRulesThatPublishToIt(String condition) {
        mayDo("{'Effect':'Allow','Action':'sqs:*','Resource':'*'}");
        var allowed =
                "'Effect':'Allow','Principal':{'Service':['events.amazonaws.com',"
                        + "'cloudwatch.amazonaws.com']},'Action':'sns:Publish','Resource':'*'";
        accessControl.putResourcePolicy(TOPIC, policy("{" + allowed + "}"));
        accessControl.require(WATCH, "sns:Publish", TOPIC);
        accessControl.putResourcePolicy(
                TOPIC, policy("{%s,'Condition':{%s}}".formatted(allowed, condition)));
        assertThatThrownBy(() -> accessControl.require(WATCH, "sns:Publish", TOPIC))
                .hasMessageStartingWith("events.amazonaws.com for " + WATCH_RULE)
                .hasMessageContaining("wants aws:Source");
        // The other services of the account have a source.
        accessControl.require(
                new Principal.ServicePrincipal("cloudwatch.amazonaws.com", WATCH_RULE),
                "sns:Publish",
                TOPIC);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "'ArnEquals':{'kms:EncryptionContext:aws:sns:topicArn':'" + TOPIC + "'} | true",
                "'ArnEquals':{'aws:SourceArn':'" + WATCH_RULE + "'} | false",
                "'StringEquals':{'aws:SourceAccount':'000000000000'} | false"
            })
    void theKeyOfATopicCannotRestrictTheRulesThatPublishToIt(String condition, boolean allowed) {
        mayDo("{'Effect':'Allow','Action':'sqs:*','Resource':'*'}");
        accessControl.putResourcePolicy(
                TOPIC,
                policy(
                        "{'Effect':'Allow','Principal':{'Service':'events.amazonaws.com'},'Action':'sns:Publish','Resource':'*'}"));
        accessControl.setEncryptionKey(TOPIC, KEY);
        accessControl.putResourcePolicy(
                KEY,
                policy(
                        "{'Effect':'Allow','Principal':{'Service':'events.amazonaws.com'},'Action':['kms:Decrypt','kms:GenerateDataKey'],'Resource':'*','Condition':{%s}}"
                                .formatted(condition)));
        if (allowed) {
            accessControl.require(WATCH, "sns:Publish", TOPIC);
        } else {
            assertThatThrownBy(() -> accessControl.require(WATCH, "sns:Publish", TOPIC))
                    .hasMessageContaining("kms:GenerateDataKey on resource: " + KEY);
        }
    }

    @Test
    void sendingToAnEncryptedQueueNeedsItsKey() {
        accessControl.setEncryptionKey(QUEUE, KEY);
        accessControl.putResourcePolicy(
                KEY,
                policy(
                        "{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::000000000000:root'},'Action':'kms:*','Resource':'*'}"));
        mayDo("{'Effect':'Allow','Action':'sqs:*','Resource':'*'}");
        assertThatThrownBy(() -> accessControl.require(ORDERS, "sqs:SendMessage", QUEUE))
                .hasMessageContaining("kms:GenerateDataKey on resource: " + KEY);
        mayDo(
                "{'Effect':'Allow','Action':'sqs:*','Resource':'*'}",
                "{'Effect':'Allow','Action':['kms:Decrypt','kms:GenerateDataKey'],'Resource':'"
                        + KEY
                        + "','Condition':{'StringEquals':{'kms:ViaService':'sqs.us-east-1.amazonaws.com'}}}");
        accessControl.require(ORDERS, "sqs:SendMessage", QUEUE);
    }

    @Test
    void anIdentityPolicyAllowsAKeyOnlyIfTheKeyPolicyDelegates() {
        mayDo("{'Effect':'Allow','Action':'kms:Decrypt','Resource':'*'}");
        assertThatThrownBy(() -> call("kms", "Decrypt", "{'KeyId':'" + KEY + "'}"))
                .hasMessageContaining("the key policy does not delegate");
    }

    @Test
    void aKeyIsBoundToItsEncryptionContext() {
        accessControl.putResourcePolicy(
                KEY,
                policy(
                        "{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::000000000000:root'},'Action':'kms:*','Resource':'*'}"));
        mayDo(
                "{'Effect':'Allow','Action':'kms:Decrypt','Resource':'*','Condition':{'StringEquals':{'kms:EncryptionContext:service':'order-service'}}}");
        call(
                "kms",
                "Decrypt",
                "{'KeyId':'" + KEY + "','EncryptionContext':{'service':'order-service'}}");
        assertThatThrownBy(
                        () ->
                                call(
                                        "kms",
                                        "Decrypt",
                                        "{'KeyId':'"
                                                + KEY
                                                + "','EncryptionContext':{'service':'x'}}"))
                .isInstanceOf(AwsErrorException.class);
    }

    @Test
    void aRoleIsAssumedOnlyByPrincipalsOfItsTrustPolicy() {
        mayDo("{'Effect':'Allow','Action':'sqs:*','Resource':'*'}");
        assertThatThrownBy(
                        () ->
                                accessControl.assumeRole(
                                        ROLE,
                                        new Principal.ServicePrincipal(
                                                "lambda.amazonaws.com",
                                                "arn:aws:lambda:us-east-1:000000000000:function:f")))
                .hasMessageContaining("sts:AssumeRole");
        assertThatThrownBy(
                        () ->
                                accessControl.assumeRole(
                                        ROLE,
                                        new Principal.ServicePrincipal(
                                                "ecs-tasks.amazonaws.com",
                                                "arn:aws:ecs:us-east-1:999999999999:task/1")))
                .hasMessageContaining("sts:AssumeRole");
    }

    @Test
    void aUserOfTheAccountAssumesARoleThatTrustsTheAccount() {
        var account = new Principal.RolePrincipal("arn:aws:iam::000000000000:root");
        accessControl.putRole(
                ROLE,
                policy(
                        "{'Effect':'Allow','Action':'sts:AssumeRole','Principal':{'AWS':'arn:aws:iam::000000000000:root'}}"),
                List.of());
        assertThat(accessControl.assumeRole(ROLE, account)).startsWith("ASIA");
        mayDo();
        assertThatThrownBy(() -> accessControl.assumeRole(ROLE, account))
                .hasMessageContaining(
                        "User: arn:aws:iam::000000000000:root is not authorized to perform:"
                                + " sts:AssumeRole");
    }

    @Test
    void readingAHistoryNeedsTheKeyOfItsStateMachine() {
        var execution = MACHINE.replace("stateMachine", "execution") + ":1";
        var read = "{'Effect':'Allow','Action':'states:GetExecutionHistory','Resource':'*'}";
        accessControl.setEncryptionKey(MACHINE, KEY);
        accessControl.putResourcePolicy(
                KEY,
                policy(
                        "{'Effect':'Allow','Action':'kms:*','Resource':'*','Principal':{'AWS':'arn:aws:iam::000000000000:root'}}"));
        mayDo(read);
        var input = "{'executionArn':'" + execution + "'}";
        assertThatThrownBy(() -> call("states", "GetExecutionHistory", input))
                .hasMessageContaining("kms:Decrypt");
        mayDo(
                read,
                "{'Effect':'Allow','Action':'kms:Decrypt','Resource':'"
                        + KEY
                        + "','Condition':{'StringEquals':{'kms:ViaService':'states.us-east-1.amazonaws.com'}}}");
        call("states", "GetExecutionHistory", input);
    }

    @ParameterizedTest
    @CsvSource({
        "DescribeExecution, executionArn",
        "DescribeStateMachineForExecution, executionArn",
        "DescribeStateMachine, stateMachineArn"
    })
    void aDescriptionNeedsTheKeyOfItsStateMachineUnlessItIsMetadataOnly(
            String operation, String member) {
        accessControl.setEncryptionKey(MACHINE, KEY);
        accessControl.putResourcePolicy(
                KEY,
                policy(
                        "{'Effect':'Allow','Action':'kms:*','Resource':'*','Principal':{'AWS':'arn:aws:iam::000000000000:root'}}"));
        var read = "{'Effect':'Allow','Action':'states:" + operation + "','Resource':'*'}";
        mayDo(read);
        var arn =
                member.equals("executionArn")
                        ? MACHINE.replace("stateMachine", "execution") + ":1"
                        : MACHINE + ":live";
        var all = "{'%s':'%s','includedData':'ALL_DATA'}".formatted(member, arn);
        assertThatThrownBy(() -> call("states", operation, all))
                .hasMessageContaining("kms:Decrypt");
        call("states", operation, all.replace("ALL_DATA", "METADATA_ONLY"));
        mayDo(
                read,
                "{'Effect':'Allow','Action':'kms:Decrypt','Resource':'*','Condition':{'StringEquals':{'kms:EncryptionContext:aws:states:stateMachineArn':'%s'}}}"
                        .formatted(MACHINE));
        call("states", operation, all);
        mayDo("{'Effect':'Allow','Action':'kms:Decrypt','Resource':'*'}");
        assertThatThrownBy(
                        () -> call("states", operation, all.replace("ALL_DATA", "METADATA_ONLY")))
                .hasMessageContaining("states:" + operation);
    }

    /// The Service Authorization Reference lists the archive for StartReplay, and not the bus.
    @Test
    void aReplayIsAuthorisedByItsArchive() {
        var archive = "arn:aws:events:us-east-1:000000000000:archive/all";
        mayDo(
                "{'Effect':'Allow','Action':['events:StartReplay','events:DescribeArchive'],'Resource':'"
                        + archive
                        + "'}");
        call("events", "DescribeArchive", "{'ArchiveName':'all'}");
        call("events", "StartReplay", "{'EventSourceArn':'" + archive + "'}");
        assertThatThrownBy(
                        () ->
                                call(
                                        "events",
                                        "StartReplay",
                                        "{'EventSourceArn':'" + archive + "-2'}"))
                .hasMessageContaining("events:StartReplay on resource: " + archive + "-2");
    }

    @Test
    void usedAndUnusedGrantsAreDistinguished() {
        mayDo(
                "{'Sid':'S','Effect':'Allow','Action':['sqs:SendMessage','sqs:ReceiveMessage'],'Resource':['"
                        + QUEUE
                        + "','"
                        + QUEUE
                        + "-2']}");
        accessControl.require(ORDERS, "sqs:SendMessage", QUEUE);
        assertThat(accessControl.grants()).hasSize(4);
        assertThat(accessControl.usedGrants())
                .containsExactly(new PolicyGrant("order-service", "S", "sqs:SendMessage", QUEUE));
    }

    @ParameterizedTest
    @CsvSource({
        "StringEquals,     a*,  ab,  false",
        "StringLike,       a*,  ab,  true",
        "StringNotEquals,  a,   b,   true",
        "StringNotEquals,  a,   a,   false",
        "StringEqualsIgnoreCase, A, a, true",
        "ArnLike,          arn:aws:sqs:*:1:q, arn:aws:sqs:eu-west-1:1:q, true",
        "ArnEquals,        arn:aws:sqs:*:1:q, arn:aws:sqs:eu-west-1:2:q, false",
        "NumericLessThan,  1.2, 1.1, true",
        "NumericLessThan,  1.2, 1.3, false",
        "Bool,             true, TRUE, true",
        "Null,             true, a,   false",
        "Null,             FALSE, a,  true",
        "Bool,             yes, yes,  false",
        "NumericEquals,    1.0, 1,    true",
        "NumericLessThan,  5,   a,    false",
        "NumericLessThan,  a,   5,    false",
        "NumericNotEquals, 5,   a,    true",
        "NumericEquals,    a,   a,    false",
        "DateLessThan,     2026-01-02T00:00:00Z, 2026-01-01T23:59:59Z, true",
        "DateLessThan,     2026-01-02, 1767225600, true",
        "DateGreaterThan,  2026-01-02, 2026-01-02T01:00:00+02:00, false",
        "DateEquals,       2026-01-02T00:00:00Z, 2026-01-02T01:00:00+01:00, true",
        "DateLessThan,     tomorrow, 2026-01-01T23:59:59Z, false",
        "DateGreaterThanEquals, 2026-01-01, 2026-13-45T99:99:99Z, false",
        "DateNotEquals,    2026-01-01, tomorrow, true",
    })
    void conditionOperatorsCompareAsDocumented(
            String operator, String wanted, String given, boolean met) {
        var condition =
                PolicyCondition.of(
                                JsonMapper.shared()
                                        .readTree(
                                                "{\"%s\":{\"k\":\"%s\"}}"
                                                        .formatted(operator, wanted)),
                                false)
                        .getFirst();
        assertThat(condition.matches(Map.of("K", given))).isEqualTo(met);
    }

    @ParameterizedTest
    @CsvSource({"StringEquals, false", "StringEqualsIfExists, true", "StringNotEquals, true"})
    void anAbsentConditionKeyMatchesOnlyForSomeOperators(String operator, boolean met) {
        var condition =
                PolicyCondition.of(
                                JsonMapper.shared()
                                        .readTree("{\"%s\":{\"k\":\"v\"}}".formatted(operator)),
                                false)
                        .getFirst();
        assertThat(condition.matches(Map.of())).isEqualTo(met);
    }

    @Test
    void unsupportedPolicyElementsAreRejectedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> policy("{'Effect':'Allow','NotAction':'x','Resource':'*'}"))
                .withMessageContaining("NotAction");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                policy(
                                        "{'Effect':'Allow','Action':'x','Resource':'*','Condition':{'IpAddress':{'aws:SourceIp':'10.0.0.0/8'}}}"))
                .withMessageContaining("IpAddress");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'AWS':'arn:aws:iam::000000000000:root'}",
                "{'AWS':'000000000000'}",
                "{'AWS':['111111111111','000000000000']}",
                "'*'"
            })
    void aDenyOfAnAccountAppliesToItsRoles(String principal) {
        mayDo("{'Effect':'Allow','Action':'sqs:*','Resource':'*'}");
        accessControl.putResourcePolicy(
                QUEUE,
                policy(
                        "{'Effect':'Deny','Principal':%s,'Action':'sqs:SendMessage','Resource':'*'}"
                                .formatted(principal)));
        assertThatThrownBy(() -> accessControl.require(ORDERS, "sqs:SendMessage", QUEUE))
                .hasMessageContaining("with an explicit deny in a resource-based policy");
    }

    @Test
    void anAccountAllowedByAResourcePolicyStillNeedsAnIdentityPolicy() {
        mayDo("{'Effect':'Allow','Action':'sqs:ReceiveMessage','Resource':'*'}");
        accessControl.putResourcePolicy(
                QUEUE,
                policy(
                        "{'Effect':'Allow','Principal':{'AWS':'000000000000'},'Action':'sqs:*','Resource':'*'}"));
        assertThatThrownBy(() -> accessControl.require(ORDERS, "sqs:SendMessage", QUEUE))
                .isInstanceOf(AwsErrorException.class);
    }

    @Test
    void anAccountIdInAKeyPolicyMeansTheRootOfTheAccount() {
        accessControl.putResourcePolicy(
                KEY,
                policy(
                        "{'Effect':'Allow','Principal':{'AWS':'000000000000'},'Action':'kms:*','Resource':'*'}"));
        mayDo("{'Effect':'Allow','Action':'kms:Decrypt','Resource':'*'}");
        assertThatNoException().isThrownBy(() -> call("kms", "Decrypt", "{'KeyId':'" + KEY + "'}"));
    }

    @Test
    void aDenyInATrustPolicyIsApplied() {
        accessControl.putRole(
                ROLE,
                policy(
                        "{'Effect':'Allow','Action':'sts:AssumeRole','Principal':{'Service':'ecs-tasks.amazonaws.com'}},"
                                + "{'Effect':'Deny','Action':'sts:*','Principal':{'Service':'ecs-tasks.amazonaws.com'}}"),
                List.of());
        assertThatThrownBy(this::accessKey).hasMessageContaining("sts:AssumeRole");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            textBlock =
                    """
                    'Resource':'arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:orders' | true
                    'Resource':'arn:aws:sqs:${aws:RequestedRegion}:*:${aws:nothing, \\u0027orders\\u0027}' | true
                    'Resource':'arn:aws:sqs:us-east-1:000000000000:${aws:nothing}' | false
                    'Resource':'arn:aws:sqs:us-east-1:000000000000:${*}' | false
                    'Resource':'*','Condition':{'StringEquals':{'aws:ResourceAccount':'${aws:PrincipalAccount}'}} | true
                    'Resource':'*','Condition':{'StringNotEquals':{'aws:ResourceAccount':'${aws:PrincipalAccount}'}} | false
                    'Resource':'*','Condition':{'ArnLike':{'aws:PrincipalArn':'arn:aws:iam::${aws:PrincipalAccount}:role/*'}} | true
                    'Resource':'*','Condition':{'StringEquals':{'aws:RequestedRegion':'us-east-1'}} | true
                    'Resource':'*','Condition':{'StringEquals':{'aws:RequestedRegion':'eu-west-1'}} | false
                    'Resource':'*','Condition':{'StringEquals':{'aws:PrincipalType':'AssumedRole'}} | true
                    'Resource':'*','Condition':{'Bool':{'aws:PrincipalIsAWSService':false,'aws:ViaAWSService':'false'}} | true
                    'Resource':'*','Condition':{'DateGreaterThan':{'aws:CurrentTime':'2026-01-02T03:04:04Z'}} | true
                    'Resource':'*','Condition':{'DateLessThan':{'aws:EpochTime':'2026-01-02'}} | false
                    'Resource':'*','Condition':{'NumericLessThan':{'aws:PrincipalArn':'5'}} | false
                    'Resource':'*','Condition':{'StringEquals':{'aws:unheard':'x'}} | false
                    """)
    void variablesAndGlobalKeysHaveTheValuesOfTheRequest(String statement, boolean allowed) {
        mayDo("{'Effect':'Allow','Action':'sqs:SendMessage',%s}".formatted(statement));
        if (allowed) {
            call("sqs", "SendMessage", "{'QueueUrl':'http://x/000000000000/orders'}");
        } else {
            assertThatThrownBy(
                            () ->
                                    call(
                                            "sqs",
                                            "SendMessage",
                                            "{'QueueUrl':'http://x/000000000000/orders'}"))
                    .hasMessageContaining("is not authorized to perform: sqs:SendMessage");
        }
    }

    /// Except `aws:username`, which a role does not have on AWS either.
    @Test
    void exactlyTheSupportedGlobalKeysHaveValues() {
        var service = new Principal.ServicePrincipal("events.amazonaws.com", QUEUE);
        var filled =
                Stream.of(ORDERS, service)
                        .flatMap(it -> accessControl.globalKeys(it, QUEUE).keySet().stream())
                        .map(it -> it.toLowerCase(Locale.ROOT))
                        .filter(it -> it.startsWith("aws:"))
                        .collect(Collectors.toCollection(TreeSet::new));
        filled.add("aws:username");
        assertThat(filled).isEqualTo(new TreeSet<>(ConditionKeys.GLOBAL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'Condition':{'StringEquals':{'aws:SourceVpce':'x'}},'Resource':'*','Action':'x'",
                "'Condition':{'StringEquals':{'aws:PrincipalTag/team':'x'}},'Resource':'*','Action':'x'",
                "'Condition':{'StringEquals':{'sqs:Something':'x'}},'Resource':'*','Action':'x'",
                "'Condition':{'StringEquals':{'x':'${aws:userid}'}},'Resource':'*','Action':'x'",
                "'Resource':'arn:aws:s3:::b/${aws:PrincipalTag/team}/*','Action':'x'",
                "'Condition':{'NullIfExists':{'aws:PrincipalArn':'true'}},'Resource':'*','Action':'x'",
                "'Condition':{'NumericLike':{'aws:PrincipalArn':'1'}},'Resource':'*','Action':'x'",
                "'Condition':{'DateLike':{'aws:CurrentTime':'1'}},'Resource':'*','Action':'x'",
                "'Resource':'*','Action':'x','Principal':{'CanonicalUser':'x'}",
                "'Resource':'*'",
                "'Action':'sqs:*'"
            })
    void anUnsupportedStatementElementIsRejected(String rest) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mayDo("{'Effect':'Allow',%s}".formatted(rest)));
    }

    /// As in the version before variables.
    @Test
    void aPolicyOfTheOldVersionHasNoVariables() {
        accessControl.putRole(
                ROLE,
                policy(
                        "{'Effect':'Allow','Action':'sts:AssumeRole','Principal':{'Service':'ecs-tasks.amazonaws.com'}}"),
                List.of(
                        PolicyDocument.of(
                                JsonMapper.shared()
                                        .readTree(
                                                """
                                                {"Statement":{"Effect":"Allow","Action":"sqs:*","Resource":
                                                "arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:orders"}}
                                                """))));
        assertThatThrownBy(() -> accessControl.require(ORDERS, "sqs:SendMessage", QUEUE))
                .isInstanceOf(AwsErrorException.class);
    }
}
