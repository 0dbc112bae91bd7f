package dev.orderflow.asdeployed;

import dev.orderflow.asdeployed.Deployment.Created;
import dev.orderflow.localcloud.ports.Authorizer.Principal;
import java.util.ArrayList;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.sfn.model.EncryptionConfiguration;
import software.amazon.awssdk.services.sfn.model.LogDestination;
import software.amazon.awssdk.services.sfn.model.LoggingConfiguration;
import software.amazon.awssdk.services.sfn.model.RoutingConfigurationListItem;
import tools.jackson.databind.JsonNode;

/// Creates state machines with their versions and aliases.
final class WorkflowResources {

    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{([A-Za-z0-9]+)}");

    private final CloudClients clients;

    WorkflowResources(CloudClients clients) {
        this.clients = clients;
    }

    Created stateMachine(Properties in) {
        var name = in.text("StateMachineName");
        var type = in.text("StateMachineType");
        var role = in.text("RoleArn");
        var definition = filledIn(in.text("DefinitionString"), in.get("DefinitionSubstitutions"));
        var encryption = in.part("EncryptionConfiguration");
        var key = encryption.text("KmsKeyId");
        var reuse = encryption.get("KmsDataKeyReusePeriodSeconds").intValue();
        var configuration =
                EncryptionConfiguration.builder()
                        .type(encryption.text("Type"))
                        .kmsKeyId(key)
                        .kmsDataKeyReusePeriodSeconds(reuse)
                        .build();
        encryption.requireAllRead();
        var logging = logging(in.part("LoggingConfiguration"));
        var arn =
                clients.states()
                        .createStateMachine(
                                create ->
                                        create.name(name)
                                                .type(type)
                                                .roleArn(role)
                                                .definition(definition)
                                                .encryptionConfiguration(configuration)
                                                .loggingConfiguration(logging))
                        .stateMachineArn();
        clients.accessControl().setEncryptionKey(arn, key);
        clients.accessControl()
                .assumeRole(role, new Principal.ServicePrincipal("states.amazonaws.com", arn));
        var revision =
                clients.states()
                        .describeStateMachine(describe -> describe.stateMachineArn(arn))
                        .revisionId();
        return new Created(
                arn,
                Map.of(
                        "Arn",
                        arn,
                        "Name",
                        name,
                        "StateMachineRevisionId",
                        String.valueOf(revision)));
    }

    private static LoggingConfiguration logging(Properties in) {
        var destinations = new ArrayList<LogDestination>();
        for (var destination : in.parts("Destinations")) {
            var group = destination.part("CloudWatchLogsLogGroup");
            var arn = group.text("LogGroupArn");
            destinations.add(
                    LogDestination.builder()
                            .cloudWatchLogsLogGroup(it -> it.logGroupArn(arn))
                            .build());
            group.requireAllRead();
            destination.requireAllRead();
        }
        var configuration =
                LoggingConfiguration.builder()
                        .level(in.text("Level"))
                        .includeExecutionData(in.flag("IncludeExecutionData"))
                        .destinations(destinations)
                        .build();
        in.requireAllRead();
        return configuration;
    }

    private static String filledIn(String definition, JsonNode substitutions) {
        return SUBSTITUTION
                .matcher(definition)
                .replaceAll(
                        match -> {
                            var value = substitutions.path(match.group(1));
                            if (value.isMissingNode()) {
                                throw new DeploymentException(
                                        "nothing is substituted for " + match.group());
                            }
                            return Matcher.quoteReplacement(value.asString());
                        });
    }

    Created version(Properties in) {
        var machine = in.text("StateMachineArn");
        in.accept("StateMachineRevisionId", "Description");
        var arn =
                clients.states()
                        .publishStateMachineVersion(publish -> publish.stateMachineArn(machine))
                        .stateMachineVersionArn();
        return Created.withArn(arn, arn);
    }

    Created alias(Properties in) {
        var name = in.text("Name");
        in.accept("Description");
        var routes = new ArrayList<RoutingConfigurationListItem>();
        for (var route : in.parts("RoutingConfiguration")) {
            routes.add(
                    RoutingConfigurationListItem.builder()
                            .stateMachineVersionArn(route.text("StateMachineVersionArn"))
                            .weight(route.get("Weight").intValue())
                            .build());
            route.requireAllRead();
        }
        var arn =
                clients.states()
                        .createStateMachineAlias(
                                create -> create.name(name).routingConfiguration(routes))
                        .stateMachineAliasArn();
        return Created.withArn(arn, arn);
    }
}
